"""What is wrong with a summary: pure functions that compare it with its source."""
