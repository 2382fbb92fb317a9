"""The web application: thin Django over the core."""
