"""Explainers: one kind of estimator a file, behind one contract."""
