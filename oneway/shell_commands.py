"""`oneway shell`: nameko's shell for operators, on record."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from getpass import getpass
from typing import Annotated, Any, NoReturn

import orjson
import typer

from oneway import keys, shell
from oneway.console import err, whereabouts
from shared.bus.client import Client
from shared.bus.rabbit import RabbitBroker
from shared.context import Context, Signer
from shared.errors import Problem
from shared.settings import Settings


def open_shell(
    tenant: Annotated[str, typer.Option(help="The code of the tenant in which to act.")],
    login: Annotated[str, typer.Option(help="Sign in as this person; without it you act as platform operator.")] = "",
    code: Annotated[str, typer.Option(help="The code of the second factor; asked for where it is needed.")] = "",
    command: Annotated[str, typer.Option("--command", "-c", help="Run this and end, instead of asking.")] = "",
) -> None:
    """Opens nameko's shell: `n.rpc.<service>.<method>(…)`. Each call is on the tenant's record before it is made.

    The password is asked for, or taken from ONEWAY_SHELL_PASSWORD.
    """
    with _reached(whereabouts()) as client, _told():
        caller = shell.Caller(client, _context(client, tenant, login, code), shell.operator())
        try:
            _run(shell.module(caller), command)
        finally:
            caller.leave()


@contextlib.contextmanager
def _reached(settings: Settings) -> Iterator[Client]:
    """A client of the running system. Says what to do where there is none to be reached."""
    if settings.embedded or not settings.broker_url:
        _end(
            "There is no broker to reach: an embedded system keeps it inside its process. Run `oneway up --full`, "
            "or set ONEWAY_MODE=full and ONEWAY_BROKER_URL."
        )
    try:
        signer = Signer.from_text(keys.of_the_bus(settings))
    except keys.Missing as missing:
        _end(f"Missing: {missing}. Only who holds the key that signs messages can open a shell.")
    broker = RabbitBroker(settings.broker_url, "shell", settings.broker_ca)
    client = Client(broker, signer, settings.rpc_timeout, "shell")
    broker.start()
    try:
        if not broker.connected:
            _end("The broker does not answer, or does not let this user in.")
        yield client
    finally:
        broker.stop()


def _context(client: Client, tenant: str, login: str, code: str) -> Context:
    if not login:
        return shell.platform_operator(tenant, shell.operator())
    password = os.environ.get("ONEWAY_SHELL_PASSWORD") or getpass(f"Password of {login}: ")
    try:
        return shell.signed_in(client, tenant, login, password, code)
    except Problem as problem:
        if problem.slug != "code-required":
            raise
    return shell.signed_in(client, tenant, login, password, typer.prompt("Code of the second factor"))


def _run(n: Any, command: str) -> None:
    if command:
        _once(command, {"n": n})
        return
    from nameko.cli.shell import ShellRunner

    ShellRunner(f"{shell.DOC}\n{n.context.tenant}: {_acting_as(n.context)}", {"n": n}).start_shell(None)


def _acting_as(context: Context) -> str:
    return f"{context.name} ({context.login})" if context.person else f"platform operator {context.name}"


def _once(command: str, names: dict[str, Any]) -> None:
    """Runs what the operator wrote; what an expression comes to is told as JSON."""
    try:
        expression = compile(command, "<command>", "eval")
    except SyntaxError:
        exec(compile(command, "<command>", "exec"), names)  # noqa: S102  it is the operator's own
        return
    value = eval(expression, names)  # noqa: S307
    if value is not None:
        text = str(value) if isinstance(value, (str, shell.Services)) else orjson.dumps(value, default=str).decode()
        typer.echo(text)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        fields = "".join(f"\n{name}: {code}" for name, code in problem.fields.items())
        _end(f"{problem.status} {problem.slug}: {problem.title} {problem.detail}{fields}".rstrip())


def _end(problem: str) -> NoReturn:
    err.print(problem, markup=False)
    raise typer.Exit(1)
