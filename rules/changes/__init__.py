"""What a change does to the papers of a list."""
