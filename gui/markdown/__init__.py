"""Markdown: text to what is drawn."""
