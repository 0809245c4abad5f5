"""What Lotse remembers, in SQLite or PostgreSQL; implements the ports of the core that need memory."""
