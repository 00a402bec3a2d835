"""Licences and officers of an NGO: what their rows store and need; nothing of them is ever taken away (N1, N4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ngos.models import Licence, Ngo, Officer
from ngos.operations.derived import derive
from ngos.operations.ngo_data import LicenceData
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import User
from staff_portal.kernel.persian import identifiers
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

CEO = "ceo"


@dataclass(frozen=True)
class OfficerData:
    """A board member, CEO or inspector as a form gives them, in storage form."""

    post: str
    full_name: str
    starts_on: date
    last_day: date | None = None
    national_code: str = ""
    mobile: str = ""


# --- licences ------------------------------------------------------------------------------------------------


def record_licence(ngo: Ngo, *, actor: User, at: datetime, data: LicenceData) -> Licence:
    """Add a licence to the file; an NGO may hold several."""
    made: Licence = table_for(Licence).apply(ngo, "record", actor=actor, at=at, data=data)
    return made


def licence_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    data = step.asked["data"]
    if data.valid_from is not None and data.valid_from > data.valid_until:
        yield "آغاز اعتبار پروانه پس از پایان آن است؛ تاریخ‌ها را درست کنید."


def licence_recorded(ngo: Ngo, step: Step) -> dict[str, Any]:
    """The columns of a licence."""
    return {"ngo": ngo, "recorded_by": step.actor, "recorded_at": step.at, **step.asked["data"].__dict__}


def settle_file(part: Licence | Officer, step: Step) -> None:
    """What waits in the NGO's file follows its licences and terms."""
    step.touch(part.ngo)


# --- officers ------------------------------------------------------------------------------------------------


def record_officer(
    ngo: Ngo,
    *,
    actor: User,
    at: datetime,
    post: str,
    full_name: str,
    starts_on: date,
    last_day: date | None = None,
    national_code: str = "",
    mobile: str = "",
) -> Officer:
    """Add a board member, CEO or inspector for a term."""
    try:
        code = identifiers.normalise_national_code(national_code) if national_code else ""
        phone = identifiers.normalise_mobile(mobile) if mobile else ""
    except identifiers.IdentifierError as error:
        raise Refusal(error.sentence) from error
    data = OfficerData(post, clean_text(full_name), starts_on, last_day, code, phone)
    made: Officer = table_for(Officer).apply(ngo, "record", actor=actor, at=at, data=data)
    return made


def end_officer_term(officer: Officer, *, actor: User, at: datetime, last_day: date) -> Officer:
    """End an officer's term; the record stays."""
    ended: Officer = table_for(officer).apply(officer, "end", actor=actor, at=at, last_day=last_day)
    return ended


def officer_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """A name, dates in order, nobody twice in the same post at the same time."""
    data = step.asked["data"]
    if data.last_day is not None and data.last_day < data.starts_on:
        yield "پایان دوره پیش از آغاز آن است؛ تاریخ‌ها را درست کنید."
    elif not data.full_name:
        yield "نام و نام خانوادگی را بنویسید."
    elif Officer.objects.filter(
        ngo=ngo,
        post=data.post,
        name_folded=search_fold(data.full_name),
        term__overlap=period(data.starts_on, data.last_day),
    ).exists():
        yield "همین شخص با همین سمت در این دوره ثبت شده است."


def new_officer(ngo: Ngo, step: Step) -> dict[str, Any]:
    """The columns of an officer."""
    data: OfficerData = step.asked["data"]
    return {
        "ngo": ngo,
        "post": data.post,
        "full_name": data.full_name,
        "name_folded": search_fold(data.full_name),
        "national_code": data.national_code,
        "mobile": data.mobile,
        "term": period(data.starts_on, data.last_day),
        "recorded_by": step.actor,
        "recorded_at": step.at,
    }


def ceo_of_register(ngo: Ngo, step: Step) -> dict[str, Any]:
    """The columns of a CEO whom a register names, from today on."""
    name = step.asked["name"]
    return {
        "ngo": ngo,
        "post": CEO,
        "full_name": name,
        "name_folded": search_fold(name),
        "term": period(step.on),
        "recorded_by": step.actor,
        "recorded_at": step.at,
    }


def find_by_officer(officer: Officer, step: Step) -> None:
    """A CEO's name finds the file."""
    if officer.post == CEO:
        derive(officer.ngo, ceo_name=officer.full_name)
        officer.ngo.save(update_fields=["search_text"])
    settle_file(officer, step)


def end_gaps(officer: Officer, step: Step) -> Iterator[str]:
    last_day = step.asked.get("last_day")
    if last_day is not None and last_day < officer.term.lower:
        yield "پایان دوره پیش از آغاز آن است؛ تاریخ را درست کنید."


def term_ended(officer: Officer, step: Step) -> dict[str, Any]:
    return {"term": period(officer.term.lower, step.asked["last_day"])}
