"""Draws the PDFs of the invented papers, which the package ships as files: `python -m tests.sample.drawing` makes them anew."""
