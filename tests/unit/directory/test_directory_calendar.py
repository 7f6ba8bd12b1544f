"""Days on which the organisation works otherwise than the country."""

from __future__ import annotations

import pytest

from shared.contracts import directory as contract
from shared.errors import Forbidden, Invalid, NotFound
from tests.unit.directory.office import Office, holds

DAY = {"day": "2026-10-02", "kind": "off", "name": "시민의 날"}


def test_the_calendar_has_the_days_on_which_the_organisation_does_otherwise(office: Office) -> None:
    assert office.call("calendar") == {"off": {}, "working": []}
    office.call("save_holiday", day="2026-10-02", kind="off", name="시민의 날")
    office.call("save_holiday", day="2026-05-25", kind="working")
    found = office.call("calendar")
    holds(contract.CalendarView, found)
    assert found == {"off": {"2026-10-02": "시민의 날"}, "working": ["2026-05-25"]}


def test_a_day_is_entered_changed_and_taken_back_on_the_record_and_told(office: Office) -> None:
    holds(contract.HolidayView, office.call("save_holiday", **DAY))
    office.call("save_holiday", **{**DAY, "name": "시민의 날 행사"})
    office.call("delete_holiday", day=DAY["day"])
    assert office.call("calendar") == {"off": {}, "working": []}
    assert [entry.subject for entry in office.record("directory.holiday.saved")] == ["2026-10-02"] * 2
    assert len(office.record("directory.holiday.deleted")) == 1
    assert office.told("calendar_changed") == [[], [], []]


def test_entering_a_day_as_it_is_changes_nothing(office: Office) -> None:
    for _ in range(2):
        office.call("save_holiday", **DAY)
    assert len(office.record("directory.holiday.saved")) == len(office.told("calendar_changed")) == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"day": "2026-10-03"}, {"day": "off_anyway"}),  # a Saturday, and a public holiday
        ({"day": "2026-10-05"}, {"day": "off_anyway"}),  # its substitute
        ({"kind": "working"}, {"day": "working_anyway"}),
        ({"name": " "}, {"name": "required"}),
        ({"day": "1947-12-31"}, {"day": "out_of_range"}),
        ({"day": "2101-01-03"}, {"day": "out_of_range"}),
        ({"day": "2026-02-30"}, {"day": "not_valid"}),
        ({"kind": "holiday"}, {"kind": "not_a_choice"}),
    ],
)
def test_a_day_that_says_nothing_new_or_is_none_is_refused(
    office: Office, changes: dict[str, str], fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        office.call("save_holiday", **{**DAY, **changes})
    assert refused.value.fields == fields
    assert office.call("calendar") == {"off": {}, "working": []}


def test_a_day_that_was_not_entered_is_not_taken_back(office: Office) -> None:
    with pytest.raises(NotFound):
        office.call("delete_holiday", day="2026-10-02")


def test_only_administrators_change_the_calendar(office: Office) -> None:
    office.hire(login="kim")
    kim = office.signed_in("kim")
    for method, data in (("save_holiday", DAY), ("delete_holiday", {"day": DAY["day"]})):
        with pytest.raises(Forbidden):
            office.call(method, kim, **data)
