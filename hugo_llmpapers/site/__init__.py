"""The Hugo site: its configuration and folders, what Hugo hides, and what the blog has already."""
