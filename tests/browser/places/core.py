"""Error pages, and what is there beside the nouns."""

from __future__ import annotations

from tests.browser.places.place import Place

PLACES: tuple[Place, ...] = (
    Place("", "/nowhere", status=404),
    Place("", "/admin", status=403),
    Place("", "/nowhere", "", status=404),
)
NO_PAGES: dict[str, str] = {
    "/live": "an event stream",
    "/live/missed": "for the pages' script",
    "/static/<path:filename>": "files",
    "/healthz": "for probes",
    "/readyz": "for probes",
    "/metrics": "for Prometheus",
    "/api/docs": "Swagger UI's own page, as its authors made it",
}
