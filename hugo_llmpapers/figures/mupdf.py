"""PyMuPDF, and its errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymupdf as _pymupdf

pymupdf: Any = _pymupdf
"""Its annotations are incomplete."""

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


def out_of_memory(error: BaseException) -> bool:
    """Return whether Python or MuPDF could not allocate memory."""
    return isinstance(error, MemoryError) or bool(re.search(r"(?:m|c|re)alloc|out of memory", str(error)))


@contextmanager
def suppress_errors() -> Iterator[None]:
    """Suppress what PyMuPDF raises for a broken file, unless there is no memory left."""
    try:
        yield
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase) as error:
        if out_of_memory(error):
            raise
