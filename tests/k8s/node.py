"""A node without a cluster: podman plays the pods, and what a kubelet does besides is done here."""

from __future__ import annotations

import copy
import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import requests
import yaml

from tests.k8s.manifests import Workload, secret_of
from tests.support.waiting import until
from tests.unit.deploy.manifests import Resource

_PODMAN = Path(__file__).parents[2] / "deploy" / "image" / "podman"
_NETWORK = "cluster"
_SUBNET = "10.89.0"


class Node:
    """Pods on a network of their own. Everything it keeps is in `directory`; images are those of `make image`."""

    def __init__(self, directory: Path, images: Path) -> None:
        self._environment = {**os.environ, "ONEWAY_CONTAINERS": str(directory), "ONEWAY_IMAGES": str(images)}
        self.pods: dict[str, Workload] = {}
        self._addresses: dict[str, str] = {}
        # Names are not asked of podman's name server: it lets them be kept for a day.
        subnet = ["--subnet", f"{_SUBNET}.0/24", "--disable-dns"]
        self.podman("network", "create", *subnet, _NETWORK)

    def podman(self, *arguments: str, given: str = "", check: bool = True) -> str:
        """What podman answers. Raises `AssertionError` with its complaint."""
        done = self._run(*arguments, given=given)
        assert done.returncode == 0 or not check, (arguments, done.stderr)
        return done.stdout.strip()

    def _run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(_PODMAN), *arguments]
        return subprocess.run(command, input=given, env=self._environment, capture_output=True, text=True, check=False)

    # -- what is played -----------------------------------------------------------------------------

    def secret(self, name: str, data: dict[str, str]) -> None:
        """A Secret, in the form in which podman 4.3 reads it (not in that in which it would keep a Secret object)."""
        self.podman("secret", "create", name, "-", given=json.dumps(secret_of(data)))

    def play(self, workload: Workload, config_maps: list[Resource], services: dict[str, str]) -> None:
        """Starts a workload's pod, which knows `services` (the workload behind each) by their names."""
        present = self.podman("volume", "ls", "--quiet").split()
        for volume in workload.volumes:
            if volume.name not in present:
                owner = f"o=uid={volume.owner},gid={volume.owner}"
                self.podman("volume", "create", "--opt", owner, volume.name)
        played = copy.deepcopy(workload.played)
        spec = played["spec"].get("template", played)["spec"]
        spec["hostAliases"] = [
            {"ip": self.address(behind), "hostnames": [name, f"{name}.oneway", f"{name}.oneway.svc"]}
            for name, behind in services.items()
        ]
        text = yaml.safe_dump_all([*config_maps, played], allow_unicode=True)
        where = ["--network", _NETWORK, "--ip", self.address(workload.name)]
        self.podman("kube", "play", *where, "-", given=text)
        self.pods[workload.name] = workload

    def run_to_end(self, job: Workload, config_maps: list[Resource], services: dict[str, str]) -> str:
        """Runs a Job's pod until it has ended well; its log. Raises `AssertionError` with it where it fails."""
        self.play(job, config_maps, services)
        status = self.podman("wait", self.container(job.name))
        log = self.log(job.name)
        assert status == "0", log
        self.podman("pod", "rm", "--force", job.pod)
        del self.pods[job.name]
        return log

    # -- what a kubelet does ------------------------------------------------------------------------

    def container(self, name: str) -> str:
        """The container's name."""
        return f"{self.pods[name].pod}-{self.pods[name].container['name']}"

    def state(self, name: str) -> dict[str, Any]:
        """What podman tells of the container."""
        found: dict[str, Any] = json.loads(self.podman("inspect", self.container(name)))[0]
        return found

    def address(self, name: str) -> str:
        """The address of a workload's pod: its own for good."""
        return self._addresses.setdefault(name, f"{_SUBNET}.{len(self._addresses) + 10}")

    def url(self, name: str, port: str | int) -> str:
        """Where a port of the pod answers."""
        return f"http://{self.address(name)}:{self.pods[name].port(port)}"

    def exec(self, name: str, *command: str, check: bool = True) -> str:
        """What a command answers in the container."""
        return self.podman("exec", self.container(name), *command, check=check)

    def probe(self, name: str, kind: str) -> bool:
        """Asks once what the manifest's `startupProbe`, `livenessProbe` or `readinessProbe` asks."""
        probe = self.pods[name].container[kind]
        within = probe.get("timeoutSeconds", 1)
        if "exec" in probe:
            return self._run("exec", self.container(name), *probe["exec"]["command"]).returncode == 0
        try:
            if "httpGet" in probe:
                asked = f"{self.url(name, probe['httpGet']['port'])}{probe['httpGet']['path']}"
                return 200 <= requests.get(asked, timeout=within).status_code < 400
            port = self.pods[name].port(probe["tcpSocket"]["port"])
            with socket.create_connection((self.address(name), port), within):
                return True
        except OSError:
            return False

    def started(self, name: str) -> None:
        """Waits as the startup probe does, and for readiness. Raises `AssertionError` with the log where it fails."""
        probe = self.pods[name].container["startupProbe"]
        try:
            until(lambda: self.probe(name, "startupProbe"), probe["periodSeconds"] * probe["failureThreshold"], 0.5)
            until(lambda: self.probe(name, "readinessProbe"), pause=0.5)
        except AssertionError as error:
            raise AssertionError(f"{name} did not become ready:\n{self.log(name)}") from error

    def stop(self, name: str) -> tuple[int, float]:
        """SIGTERM, and SIGKILL after the grace period of the manifest: the exit status, and seconds it took."""
        began = time.monotonic()
        self.podman("stop", "--time", str(self.pods[name].grace), self.container(name))
        return self.state(name)["State"]["ExitCode"], time.monotonic() - began

    def start(self, name: str) -> None:
        """Starts the container again, and waits until it is ready."""
        self.podman("start", self.container(name))
        self.started(name)

    def log(self, name: str, lines: int = 60) -> str:
        """The last lines of the container's log."""
        done = self._run("logs", "--tail", str(lines), self.container(name))
        return done.stdout + done.stderr

    def close(self) -> None:
        """Ends every pod, and takes volumes and network away."""
        self.podman("pod", "rm", "--force", "--all", "--time", "0", check=False)
        self.podman("volume", "rm", "--force", "--all", check=False)
        self.podman("network", "rm", "--force", _NETWORK, check=False)
