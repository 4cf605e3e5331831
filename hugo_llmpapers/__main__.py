"""`python -m hugo_llmpapers`."""

from hugo_llmpapers.cli import main

main()
