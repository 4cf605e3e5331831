"""What `init` adds to a site: archetype, settings, editor tasks, the workflow for GitHub."""
