"""Pages of members: the doors, the people, and the page where somebody invited becomes a member."""
