"""Two services that do nothing useful, in the place of the product's: `toy` is asked and tells, `sink` listens."""
