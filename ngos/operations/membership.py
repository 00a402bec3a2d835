"""What membership transitions need and what follows from them (N2, N3)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from ngos import certificate, membership_listeners
from ngos import settings as ngo_settings
from ngos.enums import (
    BOARD_POSTS,
    REQUIRED_DOCUMENTS,
    DecisionKind,
    DocumentKind,
    DocumentState,
    MembershipState,
    SuspensionKind,
)
from ngos.models import Ngo
from ngos.operations import decisions, grades, periods
from ngos.operations.clocks import correction_due
from ngos.operations.derived import derive
from ngos.rules import OPEN_ASSESSMENT
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.letters.issuing import revoke_letter
from staff_portal.kernel.letters.numbering import issue_number
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.identifiers import is_valid_national_id
from staff_portal.kernel.workflow.rows import Step

MEMBERSHIP_SERIES = "عضویت"


# --- what stands against a step ------------------------------------------------------------------------


def submission_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """Submitting needs name, valid national id, kind, field, district and contact."""
    if not ngo.name:
        yield "نام سمن ثبت نشده است."
    if not is_valid_national_id(ngo.national_id):
        yield "شناسه ملی درست نیست؛ آن را با آگهی ثبت بسنجید."
    if not ngo.legal_kind:
        yield "نوع سمن (انجمن، مؤسسه، …) انتخاب نشده است."
    if ngo.primary_field_id is None:
        yield "حوزه اصلی فعالیت انتخاب نشده است."
    if ngo.district_id is None:
        yield "منطقه شهرداری انتخاب نشده است."
    if not (ngo.phone or ngo.mobile):
        yield "تلفن یا تلفن همراه سمن ثبت نشده است."


def approval_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """N2: every missing thing is its own sentence."""
    if not is_valid_national_id(ngo.national_id):
        yield "شناسه ملی درست نیست؛ آن را با آگهی ثبت بسنجید."
    if not has_valid_licence(ngo, step.on):
        yield "پروانه فعالیت معتبری ثبت نشده است."
    states = document_states(ngo, step.on)
    for kind in REQUIRED_DOCUMENTS:
        state = states.get(kind)
        if state is None:
            yield f"«{DocumentKind(kind).label}» بارگذاری نشده است."
        elif state == "expired":
            yield f"اعتبار «{DocumentKind(kind).label}» پایان یافته است."
        elif state != DocumentState.ACCEPTED:
            yield f"«{DocumentKind(kind).label}» هنوز پذیرفته نشده است."
    wanted = int(settings_store.value(ngo_settings.BOARD_MEMBERS, step.on))
    board = ngo.officers.filter(post__in=BOARD_POSTS, term__contains=step.on).count()
    if board < wanted:
        yield (
            f"هیئت‌مدیره باید دست‌کم {to_persian_digits(str(wanted))} عضو داشته باشد که دوره‌شان جاری است؛ "
            f"{to_persian_digits(str(board))} عضو ثبت شده است."
        )
    if ngo.reviewer_id is None:
        yield "کارشناسی این درخواست را بررسی نکرده است."


def existing_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """N2, existing members: number and date of membership from the register, and a valid national id."""
    if not is_valid_national_id(ngo.national_id):
        yield "شناسه ملی درست نیست؛ آن را با آگهی ثبت بسنجید."
    if not ngo.claimed_number:
        yield "شماره عضویت در دفتر ثبت نشده است."
    elif Ngo.objects.filter(membership_number=ngo.claimed_number).exclude(pk=ngo.pk).exists():
        yield "این شماره عضویت پیش از این به سمن دیگری داده شده است."
    if ngo.claimed_since is None:
        yield "تاریخ عضویت در دفتر ثبت نشده است."
    elif ngo.claimed_since > step.on:
        yield "تاریخ عضویت در آینده است."
    if ngo.membership_number:
        yield "این سمن پیش از این شماره عضویت گرفته است؛ درخواست عضویت تازه بفرستید."


def reinstatement_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """Lifting a suspension needs a valid licence; a disciplinary one is lifted by the manager only (N4)."""
    if step.actor is None and ngo.suspension_kind == SuspensionKind.DISCIPLINARY:
        yield "تعلیق انضباطی را تنها رئیس ستاد سمن‌ها برمی‌دارد."
    if not has_valid_licence(ngo, step.on):
        yield "پروانه فعالیت معتبری ثبت نشده است."


def withdrawal_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """X3: an end on the NGO's own request is refused while something must be settled; none comes ahead of its period."""
    yield from periods.ahead(ngo, step.on)
    if not step.asked.get("requested"):
        return
    running = ngo.assessments.filter(state__in=OPEN_ASSESSMENT).order_by("-id").first()
    if running is not None:
        label = running.get_state_display()
        yield f"سمن ظرفیت‌سنجی بازی دارد ({label})؛ پیش از خاتمه به درخواست سمن، آن را به پایان برسانید یا لغو کنید."


def has_valid_licence(ngo: Ngo, on: date) -> bool:
    """Whether any licence covers the day."""
    return (
        ngo.licences.filter(valid_until__gte=on)
        .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on))
        .exists()
    )


def document_states(ngo: Ngo, on: date) -> dict[str, str]:
    """The state that counts for each kind: an accepted valid one, else ``expired``, else the newest one's."""
    result: dict[str, str] = {}
    for document in sorted(ngo.documents.all(), key=lambda row: -row.pk):
        expired = document.valid_until is not None and document.valid_until < on
        state = "expired" if expired and document.state == DocumentState.ACCEPTED else document.state
        if document.kind not in result or (
            state == DocumentState.ACCEPTED and result[document.kind] != DocumentState.ACCEPTED
        ):
            result[document.kind] = state
    return result


# --- what is stored with the new state ------------------------------------------------------------------


def clear_missing(ngo: Ngo, step: Step) -> dict[str, Any]:
    return {"missing_items": []}


def assign_reviewer(ngo: Ngo, step: Step) -> dict[str, Any]:
    """The expert who takes up the application reviews it."""
    return {"reviewer": step.actor}


def note_missing(ngo: Ngo, step: Step) -> dict[str, Any]:
    return {"missing_items": [str(item) for item in step.asked["missing"]]}


def number_and_date(ngo: Ngo, step: Step) -> dict[str, Any]:
    """N3: the number is given once; a returning member keeps the old one."""
    number = (
        ngo.membership_number
        or issue_number(kind=MEMBERSHIP_SERIES, on=step.on, at=step.at, pattern="{year}/{serial:04d}").text
    )
    return {"membership_number": number, "member_since": step.on, "missing_items": []}


def number_and_date_of_register(ngo: Ngo, step: Step) -> dict[str, Any]:
    """N2: an existing member keeps number and date of the register; its documents are due within a set time."""
    days = int(settings_store.value(ngo_settings.EXISTING_DOCUMENT_DAYS, step.on))
    return {
        "membership_number": ngo.claimed_number,
        "member_since": ngo.claimed_since,
        "documents_due_on": step.on + timedelta(days=days),
    }


def suspension(kind: SuspensionKind) -> Callable[[Ngo, Step], dict[str, Any]]:
    """The columns of a suspension of one kind."""
    return lambda ngo, step: {"suspension_kind": kind}


def no_suspension(ngo: Ngo, step: Step) -> dict[str, Any]:
    return {"suspension_kind": ""}


def nothing_left(ngo: Ngo, step: Step) -> dict[str, Any]:
    """What an ended member no longer has; the number stays."""
    return {"suspension_kind": "", "level_rank": None, "grade_valid_until": None}


def restored(ngo: Ngo, step: Step) -> dict[str, Any]:
    """X5: back to what it was before the decision; without a licence a suspension for that stays (N4)."""
    step.known["was"] = ngo.state
    if ngo.state == MembershipState.REJECTED:
        return {"state": MembershipState.UNDER_REVIEW}
    if has_valid_licence(ngo, step.on):
        return {"state": MembershipState.MEMBER, "suspension_kind": ""}
    return {"state": MembershipState.SUSPENDED, "suspension_kind": SuspensionKind.LICENCE}


def start_again(ngo: Ngo, step: Step) -> dict[str, Any]:
    """A new application on the same file: history and old number are kept."""
    return {"reviewer": None, "missing_items": []}


# --- what follows ---------------------------------------------------------------------------------------


def open_membership(ngo: Ngo, step: Step) -> dict[str, Any]:
    """The period opens and the certificate letter is issued, in the transaction of the approval (N3)."""
    derive(ngo)
    ngo.save(update_fields=["search_text"])
    periods.open_period(ngo, ngo.member_since or step.on, step)
    letter = certificate.issue_certificate(ngo, actor=step.actor, at=step.at, authority=step.authority)
    return {
        "membership_number": ngo.membership_number,
        "member_since": ngo.member_since,
        "certificate": letter.number.text,
    }


def suspend_membership(ngo: Ngo, step: Step) -> None:
    """The running period closes, those who follow the membership act in the same transaction (N15, C3), and the letter
    is issued (X5)."""
    periods.close_period(ngo, step)
    decisions.decide(ngo, step, DecisionKind.SUSPENSION)
    membership_listeners.tell(ngo, actor=step.actor, at=step.at)


def reinstate_membership(ngo: Ngo, step: Step) -> None:
    """A new period opens, and what the suspension held is released (N15, C3)."""
    periods.open_period(ngo, periods.first_free_day(ngo, step.on), step)
    membership_listeners.tell(ngo, actor=step.actor, at=step.at)


def reject_application(ngo: Ngo, step: Step) -> None:
    """The letter with the grounds, and the way to object (X5)."""
    decisions.decide(ngo, step, DecisionKind.REJECTION)


def restore_membership(ngo: Ngo, step: Step) -> None:
    """A new period from now on, a new certificate where the old one was void; nothing is dated back (X3)."""
    if ngo.state == MembershipState.UNDER_REVIEW:
        return
    if ngo.state == MembershipState.MEMBER:
        periods.open_period(ngo, periods.first_free_day(ngo, step.on), step)
    if step.known["was"] == MembershipState.ENDED:
        certificate.issue_certificate(ngo, actor=step.actor, at=step.at, authority=step.authority)
    membership_listeners.tell(ngo, actor=step.actor, at=step.at)


def end_membership(ngo: Ngo, step: Step) -> None:
    """The period closes, the grade ends (N9), certificates and sheets are revoked; against an end that the NGO has not
    asked for it may object (X5)."""
    periods.close_period(ngo, step)
    decisions.drop_open_proposal(ngo, step)
    if not step.asked.get("requested"):
        decisions.decide(ngo, step, DecisionKind.END)
    grades.end_grades(ngo, step)
    for letter in certificate.letters_in_force(ngo):
        revoke_letter(
            letter,
            reason="عضویت این سمن پایان یافته است.",
            actor=step.actor,
            at=step.at,
            authority=step.authority,
        )
    membership_listeners.tell(ngo, actor=step.actor, at=step.at)


# --- when a clock runs out --------------------------------------------------------------------------------------


def uncorrected(at: datetime) -> Iterable[Ngo]:
    """Files sent back whose days of correction are over (X7)."""
    rows = Ngo.objects.filter(state=MembershipState.RETURNED).order_by("id")
    return [ngo for ngo in rows if correction_due(ngo) < local_date(at)]


def correction_runs(ngo: Ngo, step: Step) -> Iterator[str]:
    """Asked again under the lock."""
    if correction_due(ngo) >= step.on:
        yield "مهلت اصلاح هنوز نگذشته است."
