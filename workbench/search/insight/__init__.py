"""What a search tells of itself: progress, forecast, pace, the influence of parameters, a look back from its folder."""
