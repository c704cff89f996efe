"""What is to be learnt: the problem in a table, its folds, and both as files that workers map into memory."""
