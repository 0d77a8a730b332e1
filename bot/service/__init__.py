"""The use cases: where GitHub, evidence and rules meet."""
