"""A noun that no list knows: folders beside those of the product's own."""
