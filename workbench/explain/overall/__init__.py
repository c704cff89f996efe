"""What a model does over all rows: importance and how sure it is, dependence, cross-checks."""
