"""File formats: the policy file, strict YAML, BibTeX."""
