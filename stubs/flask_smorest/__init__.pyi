# What the gateway uses of flask-smorest, which brings no types of its own.
from typing import Any

import apispec
import flask

class Blueprint(flask.Blueprint):
    def __init__(self, name: str, import_name: str, *, description: str = "") -> None: ...

class Api:
    spec: apispec.APISpec
    def __init__(self, app: flask.Flask, *, spec_kwargs: dict[str, Any] | None = None) -> None: ...
    def register_blueprint(self, blp: Blueprint, **options: Any) -> None: ...
