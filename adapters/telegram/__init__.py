"""Telegram: receives what is addressed to Lotse, shows what Lotse says. The only home of python-telegram-bot."""
