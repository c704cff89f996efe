"""One file for each of the five screens, with its style beside it."""
