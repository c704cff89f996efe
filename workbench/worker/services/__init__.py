"""What the worker answers, a file for each concern; each turns contracts into plain dicts for the screens."""
