"""Which trials are blended with which weights, and what the blend of those finished so far is worth."""
