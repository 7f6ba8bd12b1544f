"""The directory service: the organisation, its people, and how they prove who they are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from services.directory import (
    absences,
    credentials,
    departments,
    exchange,
    finding,
    groups,
    hashing,
    holders,
    holidays,
    listed,
    onboarding,
    organisation,
    people,
    personnel,
    receivers,
    sessions,
    signin,
    superiors,
    units,
)
from services.directory.attempts import FailedProof
from services.directory.domain.person import ADMIN
from services.directory.models import Person
from shared.bus import Service, command, query
from shared.context import Context
from shared.contracts import directory as contract
from shared.contracts.common import Retell, Strict
from shared.db import Tx
from shared.retelling import retell

_OPERATOR = "platform_operator"


class DirectoryService(Service):
    """See README.md beside this file for what it owns and tells."""

    name = "directory"

    @command(contract.Bootstrap, roles=(_OPERATOR,))
    def bootstrap(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The organisation and its first administrator: `{root, created}`; safe to repeat."""
        return onboarding.bootstrap(tx, data)

    @command(contract.ShellCall, roles=(_OPERATOR,))
    def record_shell_call(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Enters in the record what an operator is about to call."""
        tx.audit("shell.call", subject=data["person"] or tx.tenant, after=data)
        return {"recorded": True}

    # -- sessions -----------------------------------------------------------------------------------

    @command(contract.SignIn, anonymous=True, turns=hashing.TURNS, keeps=FailedProof)
    def sign_in(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A new session, as `SignInResult`."""
        return signin.sign_in(tx, data)

    @query(contract.SessionQuery, anonymous=True)
    def session(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Whom a token stands for, as `Principal`."""
        return sessions.held_by(tx, data["token"])

    @query(Strict)
    def sessions(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{items: [SessionView]}` of the caller."""
        return sessions.of_caller(tx, ctx)

    @command(contract.RevokeSession)
    def revoke_session(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Ends a session at once."""
        return sessions.revoke(tx, ctx, data["id"])

    @command(contract.CreateProgramToken)
    def create_program_token(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A token for a program, as `ProgramToken`."""
        return sessions.create_program_token(tx, ctx, data["name"], data["days"], data["scope"])

    # -- credentials --------------------------------------------------------------------------------

    @command(contract.ChangePassword, turns=hashing.TURNS, keeps=FailedProof)
    def change_password(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Another password; the caller's other sessions end."""
        credentials.change_password(tx, ctx, data["old"], data["new"])
        return {"changed": True}

    @command(Strict)
    def begin_totp(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A secret for an authenticator, as `TotpSecret`."""
        return credentials.begin_totp(tx, ctx)

    @command(contract.ConfirmTotp, keeps=FailedProof)
    def confirm_totp(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Turns the second factor on."""
        credentials.set_totp(tx, ctx, data["code"], on=True)
        return {"totp": True}

    @command(contract.ConfirmTotp, keeps=FailedProof)
    def remove_totp(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Turns the second factor off."""
        credentials.set_totp(tx, ctx, data["code"], on=False)
        return {"totp": False}

    @command(contract.PersonQuery, roles=(ADMIN,))
    def unlock(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Lets somebody who is locked out try again."""
        return credentials.unlock(tx, data["id"])

    @command(contract.PersonQuery, roles=(ADMIN,))
    def reset_totp(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Takes the second factor from somebody who has lost the device."""
        return credentials.reset_totp(tx, ctx, data["id"])

    @command(contract.SaveSettings)
    def save_settings(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller's own settings."""
        if data:
            tx.execute(update(Person).where(Person.id == ctx.person).values(**data))
            organisation.tell_changed(tx, [ctx.person])
        return data

    # -- people -------------------------------------------------------------------------------------

    @query(contract.PeopleQuery)
    def people(  # type: ignore[override]  # nobody here asks another service for people
        self, tx: Tx, ctx: Context, data: dict[str, Any]
    ) -> dict[str, Any]:
        """One page of a search, as `PeoplePage`."""
        return people.search(tx, data)

    @query(contract.PersonIds, system=True)
    def people_by_ids(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{id: PersonRef with active}` of those that exist."""
        return people.refs(tx, data["ids"])

    @query(contract.PersonIds, roles=(_OPERATOR,))
    def addresses(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{id: Address}` of those that exist, for who carries mail to them."""
        return people.addresses(tx, data["ids"])

    @query(contract.PersonQuery)
    def person(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One person, as `PersonView`."""
        return people.view(tx, ctx, data["id"])

    @command(contract.SavePerson, roles=(ADMIN,))
    def save_person(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Enters or changes a person, as `PersonView`."""
        return people.view(tx, ctx, personnel.save(tx, ctx, data))

    @query(Strict)
    def proposed_line(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The approval line a draft of the caller's begins with, as `ProposedLine`."""
        return superiors.proposed(tx, ctx)

    @query(contract.Superiors, system=True)
    def superiors(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Who stands in for a person and who is above, as `SuperiorsView`."""
        return superiors.of(tx, data["person"])

    # -- receivers ----------------------------------------------------------------------------------

    @query(contract.Expand, system=True)
    def expand(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The people who are in these people, departments and groups now, as `Expanded`."""
        return receivers.expand(tx, ctx, data)

    @query(contract.ReceiverQuery)
    def receivers(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{items: [ReceiverLine]}`: people, departments and groups by parts of their names and initials."""
        return finding.receivers(tx, ctx, data)

    @query(contract.ReceiversByIds)
    def receivers_by_ids(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{items: [ReceiverLine]}` of those named as a picker's form names them."""
        return finding.by_ids(tx, ctx, data["receivers"])

    @query(contract.ReceiversOfFile)
    def receivers_of_file(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Whom a CSV file names by login or e-mail, and each line that adds nobody, as `FoundOfFile`."""
        return listed.receivers(tx, ctx, data["content"])

    @query(Strict)
    def groups(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller's groups and those of the caller's department, as `GroupList`."""
        return groups.of_caller(tx, ctx)

    @query(contract.GroupQuery)
    def group(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One group with its members, as `WholeGroup`."""
        return groups.one(tx, ctx, data["id"])

    @command(contract.SaveGroup)
    def save_group(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Enters or changes a group, as `WholeGroup`."""
        return groups.one(tx, ctx, groups.save(tx, ctx, data))

    @command(contract.DeleteGroup)
    def delete_group(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Deletes a group; what was sent to it stays with who received it."""
        return groups.remove(tx, ctx, data["id"], data["version"])

    # -- the calendar -------------------------------------------------------------------------------

    @query(Strict, system=True)
    def calendar(  # type: ignore[override]  # nobody here asks another service for the calendar
        self, tx: Tx, ctx: Context, data: dict[str, Any]
    ) -> dict[str, Any]:
        """What the organisation does otherwise than the public calendar says, as `CalendarView`."""
        return holidays.exceptions(tx)

    @command(contract.SaveHoliday, roles=(ADMIN,))
    def save_holiday(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A day off of the organisation's own, or a day on which it works all the same, as `HolidayView`."""
        return holidays.save(tx, data)

    @command(contract.HolidayQuery, roles=(ADMIN,))
    def delete_holiday(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The country's calendar holds for a day again."""
        return holidays.remove(tx, data["day"])

    @query(contract.HoldersQuery, system=True)
    def holders(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Who has a role in departments, as `HolderList`."""
        return holders.of(tx, data["role"], data["departments"])

    # -- departments --------------------------------------------------------------------------------

    @query(Strict)
    def departments(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{items: [DepartmentView]}` as the tree is read, the organisation first."""
        return {"items": departments.every(tx)}

    @query(contract.UnitQuery, system=True)
    def unit(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One department with its people, those right below it and the heads above, as `UnitView`."""
        return units.of(tx, data["id"])

    @command(contract.SaveDepartment, roles=(ADMIN,))
    def save_department(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Enters or changes a department, as `DepartmentView`."""
        return departments.one(tx, departments.save(tx, data))

    # -- absences -----------------------------------------------------------------------------------

    @query(Strict)
    def absences(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{items: [AbsenceView]}` of the caller, of now and to come."""
        return absences.of_caller(tx, ctx)

    @command(contract.SaveAbsence)
    def save_absence(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Enters an absence of the caller's, as `AbsenceView`."""
        return absences.save(tx, ctx, data)

    @command(contract.ChangeAbsence)
    def change_absence(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """An absence of the caller's is another from now on, as `AbsenceView`."""
        return absences.change(tx, ctx, data)

    @command(contract.AbsenceQuery)
    def cancel_absence(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Takes an absence of the caller's back."""
        return absences.cancel(tx, ctx, data["id"])

    @command(Retell, roles=(_OPERATOR,))
    def retell(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Tells again of a batch of absences, as `Retell` describes."""
        return retell(tx, data, {"calendar": absences.retell})

    # -- files --------------------------------------------------------------------------------------

    @command(contract.ImportCsv, roles=(ADMIN, _OPERATOR))
    def import_csv(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Tries a file out, or takes it over whole, as `ImportResult`."""
        return exchange.import_csv(tx, ctx, data)

    @query(contract.ExportCsv, roles=(ADMIN, _OPERATOR))
    def export_csv(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Departments or people as a file, as `CsvFile`."""
        return exchange.export_csv(tx, data["kind"], data["encoding"])
