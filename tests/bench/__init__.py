"""Measurements behind the README's figures: scripts to be run by hand, never by the test suite."""
