"""A process that reads PDFs: `python -m hugo_llmpapers.figures.worker LIMITS`. Nobody but `Workers` starts one."""

import sys

from hugo_llmpapers.figures.worker.main import serve

serve(*sys.argv[1:])
