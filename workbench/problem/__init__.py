"""The learning problem in a table and how its rows are divided: what a search solves and trust asks again."""
