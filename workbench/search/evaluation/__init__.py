"""How good predictions are: metrics, intervals, paired comparison, calibration, and decisions under costs."""
