"""Segments: what drives one against the rest, and clusterings explained by a surrogate."""
