"""The institution's settings: signed by whoever holds a seat, believed on that signature alone."""
