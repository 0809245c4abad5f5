"""What a question and an answer are, and how the one becomes the other."""
