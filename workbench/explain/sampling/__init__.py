"""Draws that several figures rest on: resamples, rows, cells that are replaced."""
