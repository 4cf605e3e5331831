"""Untrusted text: LaTeX, formulas, Markdown, and Hugo's placeholders in it."""
