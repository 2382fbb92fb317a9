"""Life first: the static page of danger, and what a member states of a situation of necessity, sealed and relayed."""
