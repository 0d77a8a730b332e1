"""How GitHub's REST API and webhooks spell what the stand-in remembers: one module a subject."""
