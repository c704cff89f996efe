"""One customer: what-if, the smallest change that decides otherwise, and real neighbours."""
