"""Weekly reports for pages to show."""

from __future__ import annotations

from tests.integration.product import reporting
from tests.integration.product.cast import Cast

WRITTEN = ("안내판을 점검했습니다.", "주간보고")
"""What is written into them, and how papers of their kind are called."""


def stock(cast: Cast) -> dict[str, str]:
    """A report that is handed in, beside the joined one that it is to be taken into; by the names that places use."""
    office = Cast(cast.system, reporting.TENANT)
    ids = reporting.begin(office)
    if reporting.report(office, "drafter", ids["drafter"])["state"] == "open":
        lines = [{"section": section, "text": WRITTEN[0]} for section in ("this", "next")]
        reporting.write(office, "drafter", ids["drafter"], *lines)
        office.drafter.post(f"/weekly-reports/{ids['drafter']}/submission")
        reporting.write(office, "reviewer", ids["reviewer"], lines[0])
    return {"weekly_mine": ids["drafter"], "weekly_joint": ids["reviewer"]}
