"""What the pages of a decision's steps rest on: grounds, answer, delivery, objection, and the clocks (X5)."""

from datetime import date
from typing import Any

from django.urls import reverse

from ngos.decision_letter import letters_of
from ngos.enums import DecisionState as D
from ngos.models import MembershipDecision
from ngos.operations import clocks
from ngos.operations.clocks import day_words
from staff_portal.kernel.letters.issuing import isolated
from staff_portal.kernel.persian.jalali import relative_days

Facts = list[dict[str, Any]]
SILENT = "پاسخی نداده است"


def answer_words(decision: MembershipDecision) -> str:
    """What the NGO answered, and who wrote it down: its own person, or HQ by its paper (X6)."""
    if not decision.answer:
        return SILENT
    return (
        f"{decision.answer} (نوشته {decision.answered_by.full_name})"
        if decision.answered_by
        else decision.answer
    )


def until(day: date | None, on: date) -> str:
    """«تا پایان ۱۲ آذر ۱۴۰۵ (۹ روز مانده)»."""
    return f"تا پایان {day_words(day)} ({relative_days(day, on)})" if day is not None else ""


def _person(user: Any) -> str:
    return user.full_name if user is not None else "سامانه"


def hearing_facts(decision: MembershipDecision, on: date) -> Facts:
    """The grounds of a proposal, and what the NGO said to them."""
    found: Facts = [
        {"label": "سمن", "value": decision.ngo.name, "url": decision.ngo.get_absolute_url()},
        {"label": "دلایل", "value": decision.grounds},
    ]
    if decision.proposed_by_id is not None:
        found.append({"label": "پیشنهاددهنده", "value": _person(decision.proposed_by)})
        found.append({"label": "پاسخ سمن", "value": answer_words(decision)})
    if decision.state == D.PROPOSED:
        found.append({"label": "مهلت پاسخ", "value": until(clocks.hearing_due(decision), on)})
    elif decision.state == D.HEARD:
        found.append({"label": "مهلت تصمیم", "value": until(clocks.proposal_due(decision), on)})
    return found


def case_facts(decision: MembershipDecision, on: date) -> Facts:
    """The decision with its letter, its delivery and until when one may object."""
    found = hearing_facts(decision, on)
    if decision.decided_on is None:
        return found
    letters = letters_of(decision)
    found += [
        {"label": "تصمیم‌گیرنده", "value": _person(decision.decided_by)},
        {"label": "تاریخ تصمیم", "value": day_words(decision.decided_on)},
    ]
    if letters:
        number = isolated(letters[-1].number.text)
        found.append(
            {"label": "نامه", "value": number, "url": reverse("letter_detail", args=[letters[-1].pk])}
        )
    if decision.is_urgent:
        review = decision.review or f"هنوز نشده است؛ {until(clocks.review_due(decision), on)}"
        found.append({"label": "بازبینی تعلیق فوری", "value": review})
    if decision.delivered_on is None:
        found.append(
            {"label": "ابلاغ", "value": f"هنوز نشده است؛ {until(clocks.delivery_due(decision), on)}"}
        )
    else:
        found.append({"label": "ابلاغ", "value": f"{day_words(decision.delivered_on)}، {decision.delivery}"})
        found.append({"label": "مهلت اعتراض", "value": until(clocks.objection_due(decision), on)})
    return found


def objection_facts(decision: MembershipDecision, on: date) -> Facts:
    """The decision, what the NGO objects, and until when it is ruled on."""
    found = case_facts(decision, on)
    if decision.objected_on is not None:
        found += [
            {"label": "اعتراض سمن", "value": decision.objection},
            {"label": "تاریخ اعتراض", "value": day_words(decision.objected_on)},
        ]
        if decision.state == D.OBJECTED:
            found.append({"label": "مهلت رسیدگی", "value": until(clocks.ruling_due(decision), on)})
    if decision.ruling:
        found += [
            {"label": "نتیجه رسیدگی", "value": decision.ruling},
            {"label": "رسیدگی‌کننده", "value": _person(decision.ruled_by)},
        ]
    return found
