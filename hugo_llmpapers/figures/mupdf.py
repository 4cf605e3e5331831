"""PyMuPDF, imported as this package needs it."""

from __future__ import annotations

import re
import sys
from typing import Any

# PyMuPDF 2.0 imports a layout model and with it onnxruntime and numpy: 0.4 s and 90 MB for what
# is not used here.
# None makes the import fail, which PyMuPDF takes as "not installed".
for _heavy in ("pymupdf.layout", "pymupdf4llm"):
    sys.modules.setdefault(_heavy, None)  # type: ignore[arg-type]

import pymupdf as _pymupdf  # noqa: E402

pymupdf: Any = _pymupdf
"""Its annotations are incomplete."""

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)

MUPDF_ERRORS = (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase)
"""What PyMuPDF raises for a broken file; the second family does not derive from the first."""


def out_of_memory(error: BaseException) -> bool:
    """Whether the error, Python's or MuPDF's, says that memory was refused."""
    return isinstance(error, MemoryError) or bool(re.search(r"(?:m|c|re)alloc|out of memory", str(error)))
