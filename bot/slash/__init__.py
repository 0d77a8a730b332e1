"""Slash commands in the comments of a pull request: what they say, who may give them, what they do."""
