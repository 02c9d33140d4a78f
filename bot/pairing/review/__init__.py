"""A coordinator starts a round, looks it through, asks what else could be, weighs what counts, publishes."""
