"""Trials as they are asked for, kept and read again: one Optuna study per family in one journal."""
