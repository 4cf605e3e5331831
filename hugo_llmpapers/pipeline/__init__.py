"""How a day becomes a post, and what else is made of posts: translations, refresh, backfill, prebuild."""
