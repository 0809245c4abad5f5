"""Changes of the tables, one file a change, in order."""
