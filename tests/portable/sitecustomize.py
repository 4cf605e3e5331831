"""Takes away what only Unix has, as Windows would; then goes on to the guard against the network."""

import runpy
import sys
from pathlib import Path

sys.modules["fcntl"] = None  # type: ignore[assignment]
sys.modules["resource"] = None  # type: ignore[assignment]
runpy.run_path(str(Path(__file__).parent.parent / "offline" / "sitecustomize.py"))
