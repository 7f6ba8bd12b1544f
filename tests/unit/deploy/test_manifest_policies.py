"""The policy scan of everything that is rendered; what is kept all the same is listed with its reason."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.unit.deploy.manifests import EVERY, K8S, ROOT, is_builtin, render

CHECKOV = ROOT / ".tools" / "bin" / "checkov"


def _scan(directory: Path) -> dict[str, Any]:
    """What checkov answers about every file of a directory; it asks nobody and fetches nothing."""
    assert CHECKOV.exists(), "the tools are missing: run `make test`"
    command = [str(CHECKOV), "-d", str(directory), "--framework", "kubernetes", "--skip-download", "--quiet"]
    done = subprocess.run([*command, "-o", "json"], capture_output=True, text=True, timeout=110)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_policy_scan_finds_nothing_but_what_is_kept_with_a_reason(tmp_path: Path) -> None:
    seen: set[str] = set()
    for which in EVERY:
        fresh = {text: None for r in render(which) if is_builtin(r) and (text := yaml.safe_dump(r)) not in seen}
        seen |= fresh.keys()
        (tmp_path / f"{re.sub('[^a-z]+', '-', which)}.yaml").write_text("---\n".join(fresh))
    # It finds things at all.
    naked = {"containers": [{"name": "naked", "image": "naked"}]}
    (tmp_path / "naked.yaml").write_text(
        yaml.safe_dump({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "naked"}, "spec": naked})
    )
    answer = _scan(tmp_path)
    assert answer["summary"]["parsing_errors"] == 0
    failed = {(f["check_id"], f["resource"]): f["check_name"] for f in answer["results"]["failed_checks"]}
    assert {"CKV_K8S_20", "CKV_K8S_22", "CKV_K8S_28"} <= {check for check, who in failed if who.endswith(".naked")}
    ours = {key: what for key, what in failed.items() if not key[1].endswith(".naked")}

    exceptions = yaml.safe_load((K8S / "policy-exceptions.yaml").read_text())
    assert all(each["reason"].strip() for each in exceptions)

    def kept(check: str, resource: str) -> bool:
        return any(each["check"] == check and re.fullmatch(each["resources"], resource) for each in exceptions)

    assert {key: what for key, what in ours.items() if not kept(*key)} == {}
    needed = {check for check, _ in ours}
    assert [each["check"] for each in exceptions if each["check"] not in needed] == []
