"""How documents become a generation."""
