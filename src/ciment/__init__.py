"""Keeps an institution's professional secrets, and makes the institution answer those who ask for them."""
