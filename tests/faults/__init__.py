"""What a hostile network, a full disk and an impatient user do to the tool: see README.md here."""
