"""Handing over powers for a time and taking them back (K6)."""

from collections.abc import Iterable
from datetime import date, datetime

from staff_portal.kernel import access, audit, events, rules
from staff_portal.kernel.models import Delegation, User
from staff_portal.kernel.operations.steps import one_step, require
from staff_portal.kernel.periods import period
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.roles import ROLE_SIDE, Role, Side


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
    require(rules.DELEGATE_POWERS, actor, None, at)
    on = access.local_date(at)
    if role not in rules.own_delegable_roles(actor, on):
        raise NotPermitted("تنها اختیارهای نقش خود را می‌توانید بسپارید، نه آنچه به شما سپرده شده است.")
    chosen = sorted(set(powers))
    _check_period(start_on, last_day, on)
    _check_delegate(actor, delegate, role)
    _check_powers(role, chosen)
    delegation = Delegation(
        delegator=actor,
        delegate=delegate,
        role=role,
        powers=chosen,
        period=period(start_on, last_day),
        reference=reference,
        created_at=at,
    )
    with one_step():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        _refuse_overlap(delegation)
        delegation.save(force_insert=True)
        audit.record(
            events.DELEGATION_GIVEN,
            delegation,
            actor=actor,
            at=at,
            authority=access.Authority(role),
            after=audit.snapshot(delegation),
            root=actor,
            label=delegate.full_name,
        )
    return delegation


def _check_period(start_on: date, last_day: date, on: date) -> None:
    if last_day < start_on:
        raise Refusal("تاریخ پایان پیش از تاریخ آغاز است؛ آن دو را بازبینی کنید.")
    if start_on < on:
        raise Refusal("تفویض اختیار از امروز یا روزی پس از آن آغاز می‌شود.")


def _check_delegate(actor: User, delegate: User, role: str) -> None:
    if delegate.pk == actor.pk:
        raise Refusal("اختیار را به شخص دیگری بسپارید.")
    if not delegate.is_active:
        raise Refusal("حساب این شخص بسته است.")
    if delegate.side != ROLE_SIDE[role]:
        raise Refusal(f"اختیار تنها به کسی از «{Side(ROLE_SIDE[role]).label}» سپرده می‌شود.")


def _check_powers(role: str, chosen: list[str]) -> None:
    known = {p.code for p in rules.delegable_permissions(role)}
    foreign = [code for code in chosen if code not in known]
    if foreign:
        labels = "، ".join(access.PERMISSIONS[c].label if c in access.PERMISSIONS else c for c in foreign)
        raise Refusal(f"این اختیارها از آن «{Role(role).label}» نیست یا سپردنی نیست: {labels}")


def _refuse_overlap(delegation: Delegation) -> None:
    same = Delegation.objects.filter(
        delegator=delegation.delegator,
        delegate=delegation.delegate,
        role=delegation.role,
        ended_at__isnull=True,
        period__overlap=delegation.period,
    )
    if same.exists():
        raise Refusal("در همین دوره اختیاری به این شخص سپرده‌اید؛ نخست به آن پایان دهید.")


def end_delegation(delegation: Delegation, *, actor: User, at: datetime) -> Delegation:
    """Take the powers back at once; only who gave them may."""
    on = access.local_date(at)
    if not rules.can_end_delegation(actor, delegation, on):
        raise NotPermitted("تنها کسی که اختیار را سپرده است می‌تواند به آن پایان دهد.")
    with one_step():
        locked = (
            Delegation.objects.select_for_update(of=("self",), no_key=True)
            .select_related("delegate")
            .get(pk=delegation.pk)
        )
        last = locked.period.upper
        if locked.ended_at is not None or (last is not None and last <= on):
            raise Refusal("این تفویض پیش از این پایان یافته است.")
        locked.ended_at = at
        locked.save(update_fields=["ended_at"])
        audit.record(
            events.DELEGATION_ENDED,
            locked,
            actor=actor,
            at=at,
            authority=access.Authority(locked.role),
            after={"ended_at": at.isoformat()},
            root=actor,
            label=locked.delegate.full_name,
        )
    return locked
