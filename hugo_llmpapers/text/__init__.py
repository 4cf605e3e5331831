"""Text of strangers: LaTeX, formulas, Markdown, and Hugo's own words in them."""
