"""Durable jobs on PostgreSQL: every job says "make this pull request right", never "handle this event"."""
