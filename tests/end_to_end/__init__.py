"""The whole bot, as real processes, against a GitHub held to its published contract."""
