"""Valid calls of every service for the conformance kit: a module for each, with a class `Example`."""
