"""Speed, cost and quality, measured."""
