"""Mail to an address kept for requests: sealed as it arrives, read by a referent, made into an ordinary request."""
