"""Couriers for the channels that are set up."""

from __future__ import annotations

from flask import Flask

from gateway.core import backend
from gateway.notify.carriers import Carrier
from gateway.notify.courier import Courier
from gateway.notify.mail import Mail
from gateway.notify.push import Push
from shared.settings import Settings


def has_mail(settings: Settings) -> bool:
    """Whether mails are sent."""
    return bool(settings.public_url and settings.smtp_url and settings.mail_from)


def has_push(settings: Settings) -> bool:
    """Whether push messages are sent."""
    return bool(settings.public_url and settings.vapid_key)


def start(app: Flask) -> None:
    """Begins to carry."""
    settings = backend.of(app).settings
    carriers: list[Carrier] = []
    if has_mail(settings):
        carriers.append(Mail(settings))
    if has_push(settings):
        carriers.append(Push(settings))
    for carrier in carriers:
        Courier(app, carrier).start()
