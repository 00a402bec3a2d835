"""Transitions of a term: proposed by one head, opened by the other, ended when the next is seated (C1)."""

from committee import events, rules
from committee.enums import TermState as T
from committee.models import Term
from committee.operations import terms
from staff_portal.kernel.access import permission
from staff_portal.kernel.workflow import Ask, Transition, Workflow

END_TERM = permission("committee.end_term", "پایان دوره کمیته", [], system=True)

TERM = Workflow(
    Term,
    title="دوره کمیته مشترک",
    transitions=[
        Transition(
            name="agree",
            sources=(T.PROPOSED,),
            target=T.OPEN,
            permission=rules.AGREE_TERM,
            event=events.TERM_AGREED,
            label="پذیرش و گشایش دوره",
            changes=terms.agree,
            tone="main",
            confirm="دوره گشوده می‌شود و هر طرف دو نماینده خود را منصوب می‌کند.",
        ),
        Transition(
            name="withdraw",
            sources=(T.PROPOSED,),
            target=T.WITHDRAWN,
            permission=rules.WITHDRAW_TERM,
            event=events.TERM_WITHDRAWN,
            label="پس‌گرفتن پیشنهاد",
            needs_note=True,
            tone="danger",
        ),
        Transition(
            name="propose_chair",
            sources=(T.OPEN,),
            target=None,
            permission=rules.PROPOSE_CHAIR,
            event=events.CHAIR_PROPOSED,
            label="پیشنهاد رئیس دیگر",
            needs_note=True,
            note_label="دلیل تغییر",
            asks=(Ask("chair", "کرسی رئیس", kind="choice", choices=terms.chair_choices),),
            blockers=terms.chair_gaps,
            changes=terms.note_proposed_chair,
            confirm="تا رئیس طرف دیگر نپذیرد، رئیس کنونی کمیته بر جای خود است.",
        ),
        Transition(
            name="agree_chair",
            sources=(T.OPEN,),
            target=None,
            permission=rules.AGREE_CHAIR,
            event=events.CHAIR_CHANGED,
            label="پذیرش رئیس تازه",
            changes=terms.take_proposed_chair,
            tone="main",
            confirm="از این پس دعوت جلسه‌ها را رئیس تازه امضا می‌کند.",
        ),
        Transition(
            name="end",
            sources=(T.OPEN,),
            target=T.ENDED,
            permission=END_TERM,
            event=events.TERM_ENDED,
            label="پایان دوره",
            changes=lambda term, step: {"ended_on": step.on},
            system_only=True,
        ),
    ],
)
