"""Summaries by Claude or out of the abstract: prompt, client, batches, budget."""
