"""PostgreSQL: the tables, their migrations, connections, and a server of its own where none is given."""
