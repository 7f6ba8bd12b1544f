"""An audit says that nothing is known only where everything was looked at."""

from __future__ import annotations

from tests.audit import UNKNOWN, of_npm_audit, of_pip_audit

SOUND = {"name": "flask", "version": "3.1.3", "vulns": []}
KNOWN = {"id": "PYSEC-2099-1", "fix_versions": ["2.1", "3.0"], "aliases": [], "description": ""}
BAD = {"name": "old", "version": "1.0", "vulns": [KNOWN, {**KNOWN, "id": "PYSEC-2099-2", "fix_versions": []}]}
PASSED_OVER = {"name": "amqp", "skip_reason": "Dependency not found on PyPI and could not be audited: amqp (5.4.2)"}
COUNTED = {"vulnerabilities": {"total": 0}, "dependencies": {"prod": 80, "total": 84}}


def test_packages_without_a_known_vulnerability_are_sound() -> None:
    verdict = of_pip_audit({"dependencies": [SOUND, SOUND], "fixes": []})
    assert (verdict.status(), verdict.seen, verdict.found) == (0, 2, [])


def test_a_vulnerability_is_told_with_what_mends_it() -> None:
    verdict = of_pip_audit({"dependencies": [SOUND, BAD, PASSED_OVER]})
    assert verdict.status() == 1
    assert verdict.found == [
        "old 1.0: PYSEC-2099-1, mended in 2.1, 3.0",
        "old 1.0: PYSEC-2099-2, mended in nothing yet",
    ]


def test_what_was_passed_over_was_not_looked_at() -> None:
    assert of_pip_audit({"dependencies": [SOUND, PASSED_OVER]}).status() == UNKNOWN
    assert of_pip_audit({"dependencies": [PASSED_OVER]}).status() == UNKNOWN
    assert of_pip_audit({"dependencies": []}).status() == UNKNOWN


def test_packages_of_npm_are_sound_where_none_is_listed() -> None:
    verdict = of_npm_audit({"auditReportVersion": 2, "vulnerabilities": {}, "metadata": COUNTED})
    assert (verdict.status(), verdict.seen) == (0, 84)


def test_a_vulnerability_of_npm_is_told() -> None:
    listed = {"nanoid": {"name": "nanoid", "severity": "moderate", "via": [], "fixAvailable": True}}
    verdict = of_npm_audit({"vulnerabilities": listed, "metadata": COUNTED})
    assert (verdict.status(), verdict.found) == (1, ["nanoid: moderate"])


def test_a_registry_that_does_not_answer_says_nothing() -> None:
    verdict = of_npm_audit({"message": "405 Method Not Allowed", "statusCode": 405, "error": {"summary": ""}})
    assert (verdict.status(), verdict.unseen) == (UNKNOWN, ["405 Method Not Allowed"])
    assert of_npm_audit({"error": {"code": "ENOTFOUND"}}).status() == UNKNOWN
