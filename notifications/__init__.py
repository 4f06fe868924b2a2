"""Channels and message texts: how Laurel tells people what happened."""
