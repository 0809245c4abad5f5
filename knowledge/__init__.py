"""What the company has written down, and how to find it again."""
