"""A noun that no list knows: folders beside those of the product's own, found as those are.

`install` puts it into a process, `-p tests.toy.plugin` into a run of pytest, `python -m tests.toy …` into the system.
"""
