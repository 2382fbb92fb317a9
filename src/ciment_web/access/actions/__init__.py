"""What members do for the person concerned: one function per use case."""
