"""The common library of all services: the bus, the databases, the contracts, and what goes with them."""
