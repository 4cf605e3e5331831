"""The services that list papers, and what becomes of their lists: merged, ranked, chosen by topic."""
