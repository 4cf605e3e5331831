"""PyMuPDF, imported as this package needs it."""

from __future__ import annotations

import re
from typing import Any

import pymupdf as _pymupdf

pymupdf: Any = _pymupdf
"""Its annotations are incomplete."""

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)

MUPDF_ERRORS = (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase)
"""What PyMuPDF raises for a broken file; the second family does not derive from the first."""


def out_of_memory(error: BaseException) -> bool:
    """Whether the error, Python's or MuPDF's, says that memory was refused."""
    return isinstance(error, MemoryError) or bool(re.search(r"(?:m|c|re)alloc|out of memory", str(error)))
