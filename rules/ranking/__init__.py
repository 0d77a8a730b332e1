"""Papers by citations: the ranking, and which could leave."""
