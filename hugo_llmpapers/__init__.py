"""Writes a Hugo post that surveys the day's notable LLM papers."""

__version__ = "0.1.0"
