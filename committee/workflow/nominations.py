"""Transitions of a nomination round: prepared by HQ, sealed with three, decided by the deputy (M7, C2, C3)."""

from datetime import datetime
from typing import Any

from committee import events, rules
from committee.enums import RoundState as R
from committee.models import NominationRound
from committee.operations import nominations
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow import Ask, Transition, Workflow

NOMINEE = Ask("nominee", "نامزد", kind="choice", choices=nominations.nominee_choices)
HOLDS_MEMBERSHIPS = frozenset({"seal", "cast", "decide", "decide_by_ballots"})
SETTLED_AFTER = frozenset({"seal", "cast"})


class RoundWorkflow(Workflow):
    """Holds the nominees' memberships still while a round is sealed or decided, and settles it after each ballot."""

    def _apply(
        self, obj: Any, row: Transition, actor: User | None, at: datetime, note: str, asked: dict[str, Any]
    ) -> Any:
        if row.name in HOLDS_MEMBERSHIPS:
            nominations.lock_ngos(obj)
        done = super()._apply(obj, row, actor, at, note, asked)
        return nominations.settle(done, at=at) if row.name in SETTLED_AFTER else done


ROUND = RoundWorkflow(
    NominationRound,
    title="دور معرفی نامزد",
    transitions=[
        Transition(
            name="seal",
            sources=(R.PREPARING,),
            target=R.OPEN,
            permission=rules.SEAL,
            event=events.ROUND_SEALED,
            label="نهایی‌کردن سه نامزد",
            blockers=nominations.seal_gaps,
            changes=nominations.sealed,
            effect=nominations.keep_sealing,
            tone="main",
            confirm="از این پس سه نامزد تغییر نمی‌کنند، چهار نماینده آگاه می‌شوند و مهلت رأی‌گیری آغاز می‌شود.",
        ),
        Transition(
            name="cast",
            sources=(R.OPEN,),
            target=None,
            permission=rules.CAST_NOMINATION,
            event=events.NOMINATION_CAST,
            label="رأی‌دادن",
            asks=(NOMINEE,),
            blockers=nominations.cast_gaps,
            effect=nominations.keep_ballot,
            tone="main",
            confirm="رأی شما یک بار ثبت می‌شود و دیگر تغییر نمی‌کند.",
        ),
        Transition(
            name="decide",
            sources=(R.OPEN,),
            target=R.DECIDED,
            permission=rules.DECIDE,
            event=events.ROUND_DECIDED,
            label="انتخاب یکی از سه نامزد",
            asks=(NOMINEE,),
            needs_note=True,
            note_label="دلیل انتخاب",
            blockers=nominations.decide_gaps,
            changes=nominations.decided_by_head,
            effect=nominations.seat_and_prove,
            tone="main",
            confirm="سمن برگزیده از فردا، یا از آغاز دوره، در کرسی می‌نشیند و برگه اثبات انتخاب صادر می‌شود؛ این کار بازگشت‌پذیر نیست.",
        ),
        Transition(
            name="decide_by_ballots",
            sources=(R.OPEN,),
            target=R.DECIDED,
            permission=rules.DECIDE_BY_BALLOTS,
            event=events.ROUND_DECIDED,
            label="انتخاب با دو رأی یکسان معاونت",
            blockers=nominations.ballots_gaps,
            changes=nominations.decided_by_ballots,
            effect=nominations.seat_and_prove,
            system_only=True,
        ),
        Transition(
            name="void",
            sources=(R.PREPARING, R.OPEN),
            target=R.VOID,
            permission=rules.VOID_ROUND,
            event=events.ROUND_VOID,
            label="ابطال دور",
            needs_note=True,
            note_label="سبب ابطال",
            blockers=nominations.void_gaps,
            changes=nominations.voided,
            tone="danger",
            confirm=(
                "دور باطل می‌شود؛ رأی‌های آن به حساب نمی‌آید و برای همیشه پنهان می‌ماند. "
                "برای کرسی باید دور تازه‌ای آغاز شود."
            ),
            ignores_holds=True,
        ),
    ],
)
