"""The law for anyone: rules as cards, two dates, a situation to try, what a bill would change. Stores nothing."""
