"""From finished trials to a model of all rows: the finals, the blend, the last fit, the leaderboard."""
