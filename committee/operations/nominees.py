"""Nominees of a round while it is prepared: put forward, consenting, withdrawn; and what is found of each (C2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from committee import eligibility, events, rules
from committee.eligibility import Finding, NomineeSnapshot
from committee.enums import CheckMoment, RoundState, SeatCode
from committee.models import EligibilityCheck, NominationRound, Nominee, Seating
from ngos.activity import activities_of
from ngos.enums import MembershipState
from ngos.models import Ngo, NgoAccount
from staff_portal.kernel import audit
from staff_portal.kernel.access import Authority, local_date
from staff_portal.kernel.events import Event
from staff_portal.kernel.models import User
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.periods import period
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.roles import Role, Side
from staff_portal.kernel.workflow import workflow_for

PREPARED_ONLY = "این دور دیگر در حال آماده‌سازی نیست؛ سه نامزد آن تغییر نمی‌کنند."
REFERENCE = "شماره نامه سمن را بنویسید."
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


def keep_checks(looked: list[Looked], moment: CheckMoment, at: datetime) -> None:
    """Store what was found, criterion by criterion; such a check is never changed (C2)."""
    EligibilityCheck.objects.bulk_create(
        EligibilityCheck(
            nominee=row.nominee,
            moment=moment,
            is_eligible=row.is_eligible,
            findings=eligibility.as_json(row.findings),
            checked_at=at,
        )
        for row in looked
    )


def may_represent(ngo: Ngo, on: date) -> models.QuerySet[User]:
    """The active people of the NGOs' side who act for the NGO on that day."""
    accounts = NgoAccount.objects.filter(ngo=ngo, period__contains=on)
    return User.objects.filter(pk__in=accounts.values("user"), side=Side.NGO, is_active=True).order_by(
        alphabetical("last_name"), alphabetical("first_name"), "id"
    )


# --- writing -------------------------------------------------------------------------------------------------


def lock_round(pk: int) -> NominationRound:
    """The round's row, locked until the transaction ends; every change of a nominee begins with it."""
    return NominationRound.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _lock_prepared(pk: int) -> NominationRound:
    locked = lock_round(pk)
    if locked.state != RoundState.PREPARING:
        raise Refusal(PREPARED_ONLY)
    return locked


def add_nominee(nomination: NominationRound, *, actor: User, at: datetime, ngo: Ngo, why: str) -> Nominee:
    """HQ's expert puts a member forward, with the reason why (M7)."""
    authority = require(rules.EDIT_NOMINEES, actor, nomination, at)
    why = require_text(why, "دلیل معرفی نامزد را بنویسید.")
    with one_step():
        locked = _lock_prepared(nomination.pk)
        current = Ngo.objects.get(pk=ngo.pk)
        if current.state != MembershipState.MEMBER:
            raise Refusal(f"«{current.name}» عضو نیست؛ تنها سمن‌های عضو نامزد می‌شوند.")
        if locked.nominees.filter(ngo=current).exists():
            raise Refusal("این سمن در همین دور نامزد شده است.")
        nominee = Nominee.objects.create(round=locked, ngo=current, why=why, added_by=actor, added_at=at)
        audit.record(
            events.NOMINEE_ADDED,
            nominee,
            actor=actor,
            at=at,
            authority=authority,
            after=audit.snapshot(nominee, ["ngo", "why"]),
            root=locked,
            label=current.name,
        )
    return nominee


def remove_nominee(nominee: Nominee, *, actor: User, at: datetime, note: str) -> None:
    """HQ's expert takes an NGO off the list again, while the round is prepared."""
    authority = require(rules.EDIT_NOMINEES, actor, nominee, at)
    note = require_text(note, "سبب برداشتن نامزد را بنویسید.")
    with one_step():
        locked = _lock_prepared(nominee.round_id)
        _take_off(events.NOMINEE_REMOVED, nominee, locked, actor, at, authority, note)


def _take_off(
    event: Event,
    nominee: Nominee,
    locked: NominationRound,
    actor: User,
    at: datetime,
    authority: Authority,
    note: str,
) -> None:
    current = locked.nominees.select_for_update(of=("self",)).filter(pk=nominee.pk).first()
    if current is None:
        raise Refusal("این سمن دیگر در میان نامزدها نیست؛ صفحه را تازه کنید.")
    audit.record(
        event,
        current,
        actor=actor,
        at=at,
        authority=authority,
        before=audit.snapshot(current, ["ngo", "why", "representative", "consented_on"]),
        after={"ngo": current.ngo_id},
        note=note,
        root=locked,
        label=current.ngo.name,
    )
    current.delete()


def record_consent(
    nominee: Nominee, *, actor: User, at: datetime, representative: User, reference: str = ""
) -> Nominee:
    """The NGO consents and names its person; an expert records it by the number of the paper letter (C2)."""
    authority = require(rules.CONSENT, actor, nominee, at)
    reference = reference.strip()
    if authority.role != Role.NGO_USER:
        reference = require_text(reference, REFERENCE)
    on = local_date(at)
    with one_step():
        locked = _lock_prepared(nominee.round_id)
        current = (
            locked.nominees.select_for_update(of=("self",), no_key=True)
            .select_related("ngo")
            .filter(pk=nominee.pk)
            .first()
        )
        if current is None:
            raise Refusal("این سمن دیگر در میان نامزدها نیست؛ صفحه را تازه کنید.")
        if not may_represent(current.ngo, on).filter(pk=representative.pk).exists():
            raise Refusal("نماینده باید کسی باشد که در سامانه نماینده همین سمن است و حساب او فعال است.")
        fields = ["representative", "consented_on", "consent_reference", "consent_by"]
        before = audit.snapshot(current, fields)
        current.representative, current.consented_on = representative, on
        current.consent_reference, current.consent_by = reference, actor
        current.save(update_fields=fields)
        audit.record(
            events.NOMINEE_CONSENTED,
            current,
            actor=actor,
            at=at,
            authority=authority,
            before=before,
            after=audit.snapshot(current, fields),
            root=locked,
            label=current.ngo.name,
        )
    return current


def withdraw_nominee(
    nominee: Nominee, *, actor: User, at: datetime, note: str, reference: str = ""
) -> NominationRound:
    """An NGO withdraws: from a round being prepared it leaves the list, an open round is void (C3)."""
    authority = require(rules.WITHDRAW_NOMINEE, actor, nominee, at)
    note = require_text(note, "دلیل انصراف را بنویسید.")
    if authority.role != Role.NGO_USER:
        reference = require_text(reference, REFERENCE)
    said = f"{note} (نامه شماره {reference.strip()})" if reference.strip() else note
    with one_step():
        locked = lock_round(nominee.round_id)
        if locked.state == RoundState.PREPARING:
            _take_off(events.NOMINEE_WITHDREW, nominee, locked, actor, at, authority, said)
            return locked
        if locked.state != RoundState.OPEN:
            raise Refusal("این دور به پایان رسیده است؛ انصراف دیگر ثبت نمی‌شود.")
        audit.record(
            events.NOMINEE_WITHDREW,
            nominee,
            actor=actor,
            at=at,
            authority=authority,
            after={"ngo": nominee.ngo_id},
            note=said,
            root=locked,
            label=nominee.ngo.name,
        )
        why = f"«{nominee.ngo.name}» از نامزدی انصراف داد: {said}"
        voided: NominationRound = workflow_for(locked).apply(
            locked, "void", actor=None, at=at, note=why[:LONGEST_VOID]
        )
    return voided
