"""The meetings service (회의): called, answered, held, minuted, confirmed."""
