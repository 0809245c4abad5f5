"""How the outside world reaches the bot."""
