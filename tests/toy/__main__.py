"""`python -m tests.toy …`: the product's command line, where the toy noun's folders lie beside the product's own."""

from __future__ import annotations

from oneway.__main__ import main
from tests.toy.install import install

install()
main()
