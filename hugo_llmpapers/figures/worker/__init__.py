"""The processes that read PDFs, and who asks them."""
