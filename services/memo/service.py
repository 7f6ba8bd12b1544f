"""The memo service: what people report and ask without an official document."""

from __future__ import annotations

from services.memo.files import FILES
from services.memo.journals.methods import JournalMethods
from services.memo.memos import MemoMethods
from services.memo.retelling import Retelling
from services.memo.rounds.methods import RoundMethods
from services.memo.talk import TALK
from services.memo.weekly.methods import WeeklyMethods
from shared.bus import Service
from shared.files.service import WithFiles


class MemoService(WithFiles, MemoMethods, JournalMethods, RoundMethods, WeeklyMethods, Retelling, Service):
    """See README.md beside this file for what it owns, listens to and tells."""

    name = "memo"
    files = FILES
    threads = TALK
