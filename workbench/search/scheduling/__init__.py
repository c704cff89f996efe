"""What is tried next, on how many rows, with which feature blocks, for how long, and when it is stopped."""
