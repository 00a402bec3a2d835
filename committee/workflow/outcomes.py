"""Transitions of the minutes (C9)."""

from committee import events, rules
from committee.enums import MinutesState
from committee.models import Minutes
from committee.operations import minutes
from staff_portal.kernel.workflow import Ask, Transition, Workflow

MINUTES = Workflow(
    Minutes,
    title="صورتجلسه",
    root=lambda row: row.meeting,
    locks_root=True,
    transitions=[
        Transition(
            name="circulate",
            sources=(MinutesState.DRAFT,),
            target=MinutesState.CIRCULATED,
            permission=rules.WRITE_MINUTES,
            event=events.MINUTES_CIRCULATED,
            label="گردش میان اعضا",
            blockers=minutes.circulation_gaps,
            changes=minutes.circulation_day,
            effect=minutes.freeze_draft,
            tone="main",
            confirm="اعضا صورتجلسه را می‌بینند و مهلت اصلاح آغاز می‌شود؛ پس از آن متن تنها با پذیرش اصلاح تغییر می‌کند.",
        ),
        Transition(
            name="start_signing",
            sources=(MinutesState.CIRCULATED,),
            target=None,
            permission=rules.START_SIGNING,
            event=events.SIGNING_STARTED,
            label="آغاز امضا",
            blockers=minutes.signing_gaps,
            effect=minutes.freeze_for_signing,
            tone="main",
            confirm="متن صورتجلسه ثابت می‌شود و حاضران آن را امضا می‌کنند.",
        ),
        Transition(
            name="sign",
            sources=(MinutesState.SIGNING,),
            target=None,
            permission=rules.SIGN_MINUTES,
            event=events.MINUTES_SIGNED,
            label="امضای صورتجلسه",
            asks=(Ask("dissent", "نظر مخالف", required=False),),
            effect=minutes.sign_own,
            tone="main",
        ),
        Transition(
            name="seal",
            sources=(MinutesState.SIGNING,),
            target=None,
            permission=rules.SEAL_MINUTES,
            event=events.MINUTES_SEALED,
            label="نهایی‌کردن",
            blockers=minutes.sealing_gaps,
            effect=minutes.seal,
            tone="main",
            confirm="صورتجلسه با شماره و امضاها صادر می‌شود و دیگر تغییر نمی‌کند؛ با آن کار جلسه نیز پایان می‌یابد.",
        ),
    ],
)
