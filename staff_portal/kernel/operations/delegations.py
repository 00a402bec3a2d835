"""Handing over powers for a time and taking them back (K6)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import ROLE_SIDE, Role, Side
from staff_portal.kernel.models import Delegation, User
from staff_portal.kernel.people import access, rules
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step


def delegate_powers(
    delegate: User,
    *,
    role: str,
    start_on: date,
    last_day: date,
    powers: Iterable[str] = (),
    reference: str = "",
    actor: User,
    at: datetime,
) -> Delegation:
    """Hand the powers of an own role to a person of the own side, ``last_day`` included (K6).

    ``powers`` are permission codes of that role; none means all that may be handed over. What was received by
    delegation can't be handed on. The signature line of the delegate then says «از طرف».
    """
    made: Delegation = table_for(Delegation).apply(
        actor,
        "give",
        actor=actor,
        at=at,
        delegate=delegate,
        role=role,
        start_on=start_on,
        last_day=last_day,
        powers=sorted(set(powers)),
        reference=reference,
    )
    return made


def end_delegation(delegation: Delegation, *, actor: User, at: datetime) -> Delegation:
    """Take the powers back at once; only who gave them may."""
    ended: Delegation = table_for(delegation).apply(delegation, "end", actor=actor, at=at)
    return ended


def against_giving(delegator: User, step: Step) -> Iterable[str]:
    """The role is the person's own, the period one to come, the receiver of the same side, nothing given twice."""
    asked = step.asked
    if "role" not in asked or step.actor is None:
        return []
    if asked["role"] not in rules.own_delegable_roles(step.actor, step.on):
        raise NotPermitted("تنها اختیارهای نقش خود را می‌توانید بسپارید، نه آنچه به شما سپرده شده است.")
    if asked["last_day"] < asked["start_on"]:
        return ["تاریخ پایان پیش از تاریخ آغاز است؛ آن دو را بازبینی کنید."]
    if asked["start_on"] < step.on:
        return ["تفویض اختیار از امروز یا روزی پس از آن آغاز می‌شود."]
    return (
        _against_delegate(step.actor, asked["delegate"], asked["role"])
        or _against_powers(asked["role"], asked["powers"])
        or _against_overlap(delegator, asked)
    )


def _against_delegate(actor: User, delegate: User, role: str) -> list[str]:
    if delegate.pk == actor.pk:
        return ["اختیار را به شخص دیگری بسپارید."]
    if not delegate.is_active:
        return ["حساب این شخص بسته است."]
    if delegate.side != ROLE_SIDE[role]:
        return [f"اختیار تنها به کسی از «{Side(ROLE_SIDE[role]).label}» سپرده می‌شود."]
    return []


def _against_powers(role: str, chosen: list[str]) -> list[str]:
    known = {p.code for p in rules.delegable_permissions(role)}
    foreign = [code for code in chosen if code not in known]
    if not foreign:
        return []
    labels = "، ".join(access.PERMISSIONS[c].label if c in access.PERMISSIONS else c for c in foreign)
    return [f"این اختیارها از آن «{Role(role).label}» نیست یا سپردنی نیست: {labels}"]


def _against_overlap(delegator: User, asked: dict[str, Any]) -> list[str]:
    same = Delegation.objects.filter(
        delegator=delegator,
        delegate=asked["delegate"],
        role=asked["role"],
        ended_at__isnull=True,
        period__overlap=period(asked["start_on"], asked["last_day"]),
    )
    if same.exists():
        return ["در همین دوره اختیاری به این شخص سپرده‌اید؛ نخست به آن پایان دهید."]
    return []


def given(delegator: User, step: Step) -> dict[str, Any]:
    """The columns of a new delegation."""
    asked = step.asked
    return {
        "delegator": delegator,
        "delegate": asked["delegate"],
        "role": asked["role"],
        "powers": asked["powers"],
        "period": period(asked["start_on"], asked["last_day"]),
        "reference": asked["reference"],
        "created_at": step.at,
    }


def against_ending(delegation: Delegation, step: Step) -> Iterable[str]:
    last = delegation.period.upper
    if delegation.ended_at is not None or (last is not None and last <= step.on):
        return ["این تفویض پیش از این پایان یافته است."]
    return []


def ended(delegation: Delegation, step: Step) -> dict[str, Any]:
    return {"ended_at": step.at}
