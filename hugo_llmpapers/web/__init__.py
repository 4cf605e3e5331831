"""HTTP: client, retries, rate limit, cache."""
