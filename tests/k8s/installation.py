"""The system on one node, installed as docs/kubernetes.md says: secrets, servers, jobs, processes."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

from oneway import parts
from tests.k8s.manifests import config_maps, services, workloads
from tests.k8s.node import Node
from tests.support.system import Api
from tests.unit.deploy.manifests import render

TENANT = "gangbuk"
ADMIN = "admin"
SERVERS = ("postgres", "rabbitmq")
PROCESSES = (*parts.SERVICES, "gateway")
_ROOT = Path(__file__).parents[2]
# Who is entered by the administrator: login, roles.
_PEOPLE = {"drafter": ["drafter"], "reviewer": ["drafter"], "decider": ["drafter"]}


class Installation:
    """What `Cast` works with: people of one tenant who sign in at the gateway."""

    tenant = TENANT

    def __init__(self, node: Node, directory: Path) -> None:
        self.node = node
        self.directory = directory
        self.passwords = {login: f"Pw-{secrets.token_hex(8)}" for login in (ADMIN, *_PEOPLE)}
        self.objects = render("single-node")
        self.maps = config_maps(self.objects)
        self.services = services(self.objects)
        self.parts = {found.name: found for found in workloads(self.objects)}
        self.job_logs: dict[str, str] = {}

    # -- as an operator does ------------------------------------------------------------------------

    def make_secrets(self) -> None:
        """The two of the servers, each process's own, and the first administrator's password."""
        broker, database = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        host = "postgresql://postgres"
        url = f"{host}:{database}@postgres:5432/postgres"
        self.node.secret(
            "oneway-broker",
            {"username": "oneway", "password": broker, "url": f"amqp://oneway:{broker}@rabbitmq:5672//"},
        )
        self.node.secret("oneway-database", {"username": "postgres", "password": database, "url": url})
        self.node.secret(f"onboard-{TENANT}", {"password": self.passwords[ADMIN]})
        files = self.directory / "keys"
        subprocess.run(
            [sys.executable, "-m", "oneway", "keys", "files", str(files)],
            cwd=_ROOT,
            env={
                **os.environ,
                "ONEWAY_VAR": str(self.directory / "var"),
                "ONEWAY_MODE": "full",
                "ONEWAY_DATABASE_URL": url,
            },
            check=True,
        )
        for path in files.glob("*.env"):
            lines = (line.split("=", 1) for line in path.read_text().splitlines())
            self.node.secret(f"oneway-{path.stem}", dict(lines))

    def apply(self) -> None:
        """Starts every workload of the overlay at once."""
        for name in (*SERVERS, *PROCESSES):
            self.node.play(self.parts[name], self.maps, self.services)

    def rolled_out(self, *names: str) -> None:
        """Waits until these are ready."""
        for name in names:
            self.node.started(name)

    def run_job(self, overlay: str) -> str:
        """Runs the job of an overlay to its end; its log."""
        objects = render(f"single-node/{overlay}")
        (job,) = workloads(objects)
        self.job_logs[job.name] = self.node.run_to_end(job, config_maps(objects), self.services)
        return self.job_logs[job.name]

    def logs(self) -> dict[str, str]:
        """The last lines of each pod's log; a failure shows them."""
        return {name: self.node.log(name, 30) for name in self.node.pods}

    # -- as people do -------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """Where the gateway answers."""
        return self.node.url("gateway", "http")

    def sign_in(self, login: str, tenant: str | None = None) -> Api:
        """The API as this person sees it."""
        given = {"tenant": tenant or TENANT, "login": login, "password": self.passwords[login]}
        return Api(self.base_url, Api(self.base_url).post("/auth/token", given)["access_token"])

    def enter_people(self) -> None:
        """The administrator enters a department and the people of the journey."""
        admin = self.sign_in(ADMIN)
        department = admin.post("/departments", {"code": "3080001", "name": "총무팀"}, 201)["id"]
        for login, roles in _PEOPLE.items():
            post = {"department": department, "position": "주무관"}
            person = {"login": login, "name": login, "posts": [post], "roles": roles, "password": self.passwords[login]}
            admin.post("/people", person, 201)
