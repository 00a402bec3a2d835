"""Nominees of a round while it is prepared: put forward, consenting, withdrawn; and what is found of each (C2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from committee import eligibility
from committee.eligibility import Finding, NomineeSnapshot
from committee.enums import CheckMoment, RoundState, SeatCode
from committee.models import EligibilityCheck, NominationRound, Nominee, Seating
from ngos.activity import activities_of
from ngos.enums import MembershipState
from ngos.models import Ngo, NgoAccount
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Side
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

PREPARED_ONLY = "این دور دیگر در حال آماده‌سازی نیست؛ سه نامزد آن تغییر نمی‌کنند."
GONE = "این سمن دیگر در میان نامزدها نیست؛ صفحه را تازه کنید."
NOT_ITS_OWN = "نماینده باید کسی باشد که در سامانه نماینده همین سمن است و حساب او فعال است."
NOBODY_ACTS = (
    "این سمن هنوز نماینده‌ای در سامانه ندارد؛ نخست باید برای سمن، با معرفی‌نامه، حساب نماینده ساخته شود."
)
OVER = "این دور به پایان رسیده است؛ انصراف دیگر ثبت نمی‌شود."
STILL_PREPARED = "این دور هنوز در حال آماده‌سازی است؛ سمن با انصراف از فهرست نامزدها بیرون می‌رود."
LONGEST_VOID = 400


# --- what is found of each -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Looked:
    """One nominee with what was found of it today."""

    nominee: Nominee
    snapshot: NomineeSnapshot
    findings: list[Finding]

    @property
    def is_eligible(self) -> bool:
        return eligibility.is_eligible(self.findings)

    @property
    def unmet(self) -> list[str]:
        return eligibility.unmet(self.snapshot, self.findings)


def nominees_of(nomination: NominationRound) -> list[Nominee]:
    """The round's nominees with their NGOs and fields, in the order they were put forward. Two queries."""
    return list(
        nomination.nominees.select_related("ngo__primary_field", "representative", "consent_by", "added_by")
        .prefetch_related("ngo__fields")
        .order_by("id")
    )


def look_at(nominees: list[Nominee], on: date) -> list[Looked]:
    """The findings of several nominees on a day; the number of queries does not grow with them."""
    activities = activities_of([row.ngo for row in nominees], on)
    people = [row.representative_id for row in nominees if row.representative_id]
    acting = set(
        NgoAccount.objects.filter(user__in=people, period__contains=on).values_list("user_id", "ngo_id")
    )
    elsewhere = {
        row.person_id: str(row.get_seat_code_display())
        for row in Seating.objects.filter(person__in=people, period__overlap=period(on)).exclude(
            seat_code=SeatCode.NGO
        )
    }
    looked = []
    for row in nominees:
        person = row.representative
        snapshot = NomineeSnapshot(
            **_ngo_part(row.ngo),
            is_active=activities[row.ngo_id].is_active,
            activity=activities[row.ngo_id].reason,
            consented_on=format_jalali(row.consented_on, "medium") if row.consented_on else "",
            representative=person.full_name if person else "",
            representative_is_person=person is not None and person.is_active and person.side == Side.NGO,
            representative_acts=(row.representative_id, row.ngo_id) in acting,
            other_seat=elsewhere.get(row.representative_id or 0, ""),
        )
        looked.append(Looked(row, snapshot, eligibility.nominee_findings(snapshot)))
    return looked


def look_at_candidates(ngos: Iterable[Ngo], on: date) -> list[tuple[Ngo, list[Finding]]]:
    """What members that are not yet nominated must be, for the list to choose from; give them with their fields."""
    listed = list(ngos)
    activities = activities_of(listed, on)
    return [
        (
            ngo,
            eligibility.candidate_findings(
                NomineeSnapshot(
                    **_ngo_part(ngo),
                    is_active=activities[ngo.pk].is_active,
                    activity=activities[ngo.pk].reason,
                )
            ),
        )
        for ngo in listed
    ]


def _ngo_part(ngo: Ngo) -> dict[str, Any]:
    is_member = ngo.state == MembershipState.MEMBER
    number = to_persian_digits(ngo.membership_number or "")
    primary = [ngo.primary_field] if ngo.primary_field else []
    others = [field for field in ngo.fields.all() if field.pk != ngo.primary_field_id]
    return {
        "ngo": ngo.name,
        "is_member": is_member,
        "membership": f"عضو با شماره {number}" if is_member else str(ngo.get_state_display()),
        "social_fields": tuple(field.title for field in [*primary, *others] if field.is_social_cultural),
    }


def keep_checks(looked: list[Looked], moment: CheckMoment, step: Step) -> None:
    """Store what was found, criterion by criterion; such a check is never changed (C2)."""
    table_for(EligibilityCheck).apply_many(
        [row.nominee for row in looked],
        "keep",
        actor=step.actor,
        at=step.at,
        within=step,
        asked=[{"moment": str(moment), "findings": tuple(row.findings)} for row in looked],
    )


def check_of(nominee: Nominee, step: Step) -> dict[str, Any]:
    """The columns of a check."""
    findings = list(step.asked["findings"])
    return {
        "nominee": nominee,
        "moment": step.asked["moment"],
        "is_eligible": eligibility.is_eligible(findings),
        "findings": eligibility.as_json(findings),
        "checked_at": step.at,
    }


def may_represent(ngo: Ngo, on: date) -> models.QuerySet[User]:
    """The active people of the NGOs' side who act for the NGO on that day."""
    accounts = NgoAccount.objects.filter(ngo=ngo, period__contains=on)
    return User.objects.filter(pk__in=accounts.values("user"), side=Side.NGO, is_active=True).order_by(
        alphabetical("last_name"), alphabetical("first_name"), "id"
    )


# --- the steps: what stands against them, what is stored, what follows ---------------------------------------


def is_prepared(nomination: NominationRound) -> bool:
    """Whether the three may still change (C2)."""
    return nomination.state == RoundState.PREPARING


def cannot_add(nomination: NominationRound, step: Step) -> Iterable[str]:
    """A member of the council is put forward, once, while the round is prepared (M7)."""
    ngo = step.asked.get("ngo")
    if not is_prepared(nomination):
        yield PREPARED_ONLY
    elif ngo is not None:
        current = Ngo.objects.get(pk=ngo.pk)
        if current.state != MembershipState.MEMBER:
            yield f"«{current.name}» عضو نیست؛ تنها سمن‌های عضو نامزد می‌شوند."
        if nomination.nominees.filter(ngo=current).exists():
            yield "این سمن در همین دور نامزد شده است."


def put_forward(nomination: NominationRound, step: Step) -> dict[str, Any]:
    """The columns of a nominee, with the reason why (M7)."""
    return {**step.asked, "round": nomination, "added_by": step.actor, "added_at": step.at}


def call_round(nominee: Nominee, step: Step) -> None:
    """Whether three are ready to be sealed may have changed with the nominee."""
    step.touch(nominee.round)


def not_prepared(nominee: Nominee, step: Step) -> Iterable[str]:
    """Once the three are sealed no nominee changes (C2)."""
    if not is_prepared(nominee.round):
        yield PREPARED_ONLY


def cannot_consent(nominee: Nominee, step: Step) -> Iterable[str]:
    """While the round is prepared, by an NGO that has somebody to send (C2)."""
    yield from not_prepared(nominee, step)
    if not may_represent(nominee.ngo, step.on).exists():
        yield NOBODY_ACTS


def own_people(nominee: Nominee, on: date) -> models.QuerySet[User]:
    """Whom the nominee's NGO may send."""
    return may_represent(nominee.ngo, on)


def first_choice(nominee: Nominee, on: date) -> int | None:
    """Whom the NGO named, else the only one whom it can name."""
    if nominee.representative_id is not None:
        return nominee.representative_id
    people = list(own_people(nominee, on).values_list("pk", flat=True)[:2])
    return people[0] if len(people) == 1 else None


def consented(nominee: Nominee, step: Step) -> dict[str, Any]:
    """Whom the NGO would send, and who recorded it by which letter (C2)."""
    return {
        "representative": step.asked["representative"],
        "consented_on": step.on,
        "consent_reference": step.asked["reference"] or "",
        "consent_by": step.actor,
    }


def cannot_withdraw(nominee: Nominee, step: Step) -> Iterable[str]:
    """The withdrawal that voids: of a round in which the ballots are open (C3)."""
    if is_prepared(nominee.round):
        yield STILL_PREPARED
    elif nominee.round.state != RoundState.OPEN:
        yield OVER


def by_which_letter(nominee: Nominee, step: Step) -> dict[str, Any]:
    """The words in which notices and the entry name the NGO's letter, where it withdrew by one."""
    reference = step.asked.get("reference")
    step.asked["letter"] = f"(نامه شماره {reference})" if reference else ""
    return {"ngo": nominee.ngo_id, "letter": step.asked["letter"]}


def void_round(nominee: Nominee, step: Step) -> None:
    """An open round is void when one of its three withdraws (C3)."""
    why = f"«{nominee.ngo.name}» از نامزدی انصراف داد: {step.note} {step.asked['letter']}".strip()
    nomination = nominee.round
    table_for(nomination).apply(nomination, "void", actor=None, at=step.at, note=why[:LONGEST_VOID])


def facts_of(nominee: Nominee) -> list[dict[str, Any]]:
    """Whom a step on a nominee concerns: shown before it is taken."""
    person = nominee.representative
    return [
        {"label": "سمن", "value": nominee.ngo.name},
        {"label": "دلیل معرفی", "value": nominee.why},
        {"label": "نماینده", "value": person.full_name if person else ""},
    ]
