"""Adverse decisions on a membership: heard first, with grounds, delivered, open to objection (X5)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ngos import settings as ngo_settings
from ngos.decision_letter import LAST_INSTANCE, issue_decision_letter, letters_of
from ngos.enums import DecisionKind, DecisionState, MembershipState
from ngos.models import MembershipDecision, Ngo
from ngos.models.decisions import OPEN_PROPOSAL
from ngos.operations import clocks, periods
from ngos.operations.clocks import day_words
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.letters.issuing import revoke_letter
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.workflow.locks import lock_row
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

D, K, M = DecisionState, DecisionKind, MembershipState
#: what the letter of each kind says before its grounds
SAYS: dict[str, str] = {
    K.REJECTION: "درخواست عضویت آن سمن در ستاد سمن‌ها پذیرفته نشد.",
    K.SUSPENSION: "عضویت آن سمن در ستاد سمن‌ها تعلیق شد.",
    K.END: "عضویت آن سمن در ستاد سمن‌ها خاتمه یافت.",
}
#: the state of a file as the decision left it: only from there an upheld objection brings it back
LEFT: dict[str, str] = {K.REJECTION: M.REJECTED, K.SUSPENSION: M.SUSPENDED, K.END: M.ENDED}
RUNNING = "مهلت پاسخ سمن تا پایان {day} است؛ پس از آن یا پس از رسیدن پاسخ تصمیم بگیرید."
SET_ASIDE = "اگر تعلیق فوری لازم است، نخست پیشنهاد را با ذکر سبب کنار بگذارید."


def lock_file(decision: MembershipDecision) -> None:
    """The NGO's file before the decision: membership steps lock in this order too."""
    decision.ngo = lock_row(Ngo(pk=decision.ngo_id))


def open_proposal(ngo: Ngo) -> MembershipDecision | None:
    """The proposal of a suspension that is being heard, or was heard and is not decided."""
    return MembershipDecision.objects.filter(ngo=ngo, state__in=OPEN_PROPOSAL).first()


# --- from the steps of membership ------------------------------------------------------------------------------


def proposal_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """One proposal at a time."""
    if open_proposal(ngo) is not None:
        yield "برای این سمن پیشنهاد تعلیق دیگری در جریان است."


def hearing_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """No suspension while the NGO may still answer the proposal, nor before its period has begun."""
    yield from periods.ahead(ngo, step.on)
    found = open_proposal(ngo)
    if found is not None and found.state == D.PROPOSED:
        yield RUNNING.format(day=day_words(clocks.hearing_due(found)))
        yield SET_ASIDE


def propose(ngo: Ngo, step: Step) -> dict[str, Any]:
    """The grounds go to the NGO, and its clock begins."""
    made = table_for(MembershipDecision).apply(
        ngo, "propose", actor=step.actor, at=step.at, note=step.note, within=step
    )
    return {"due_on": clocks.hearing_due(made)}


def decide(ngo: Ngo, step: Step, kind: DecisionKind) -> None:
    """The decision on the file: of a suspension that was heard the proposal becomes it, else a new one begins."""
    heard = open_proposal(ngo) if kind == K.SUSPENSION else None
    table, actor, at = table_for(MembershipDecision), step.actor, step.at
    if heard is not None:
        table.apply(heard, "decide", actor=actor, at=at, note=step.note, within=step)
    else:
        table.apply(ngo, "issue", actor=actor, at=at, note=step.note, within=step, kind=kind)


def drop_open_proposal(ngo: Ngo, step: Step) -> None:
    """A proposal about a membership that ended needs no answer any more."""
    found = open_proposal(ngo)
    if found is not None:
        table_for(found).apply(found, "overtake", actor=step.actor, at=step.at, within=step)


def latest(ngo: Ngo) -> MembershipDecision | None:
    """The newest decision of a file."""
    return ngo.decisions.order_by("-id").first()


# --- columns ------------------------------------------------------------------------------------------------


def proposed(ngo: Ngo, step: Step) -> dict[str, Any]:
    return {"ngo": ngo, "kind": K.SUSPENSION, "grounds": step.note, "proposed_by": step.actor}


def issued(ngo: Ngo, step: Step) -> dict[str, Any]:
    """A decision without a hearing; a suspension is then urgent and reviewed."""
    kind = step.asked["kind"]
    return {
        "ngo": ngo,
        "kind": kind,
        "grounds": step.note,
        "is_urgent": kind == K.SUSPENSION,
        **decided(None, step),
    }


def decided(decision: MembershipDecision | None, step: Step) -> dict[str, Any]:
    return {"decided_by": step.actor, "decided_on": step.on}


def decided_on_grounds(decision: MembershipDecision, step: Step) -> dict[str, Any]:
    """The grounds of the proposal stand, with what the decision adds to them."""
    added = "" if step.note == decision.grounds else step.note
    return {"grounds": f"{decision.grounds}\n{added}".strip(), **decided(decision, step)}


def answered(decision: MembershipDecision, step: Step) -> dict[str, Any]:
    return {"answer": step.note, "answered_by": step.actor, "paper": step.asked.get("paper") or ""}


def reviewed(decision: MembershipDecision, step: Step) -> dict[str, Any]:
    return {"review": step.note, "reviewed_by": step.actor}


def handed_over(decision: MembershipDecision, step: Step) -> dict[str, Any]:
    return {"delivered_on": step.asked["delivered_on"], "delivery": step.asked["delivery"]}


def seen(decision: MembershipDecision, step: Step) -> dict[str, Any]:
    return {"delivered_on": step.on, "delivery": "رؤیت نماینده سمن در سامانه"}


def objected(decision: MembershipDecision, step: Step) -> dict[str, Any]:
    """Who objects has read the letter."""
    read = {} if decision.delivered_on else seen(decision, step)
    paper = step.asked.get("paper") or ""
    return {
        **read,
        "objection": step.note,
        "objected_by": step.actor,
        "objected_on": step.on,
        "paper": paper or decision.paper,
    }


def ruled(decision: MembershipDecision, step: Step) -> dict[str, Any]:
    return {"ruling": step.note, "ruled_by": step.actor}


# --- what stands against a step --------------------------------------------------------------------------------


def paper_gaps(decision: MembershipDecision, step: Step) -> Iterator[str]:
    """X6: HQ acts for an NGO with its signed paper only."""
    if step.asked and step.authority.role == Role.HQ_EXPERT and not step.asked.get("paper"):
        yield "شماره نامه امضاشده سمن را وارد کنید."


def answering_gaps(decision: MembershipDecision, step: Step) -> Iterator[str]:
    """X5: whoever proposed does not speak for the NGO as well."""
    yield from paper_gaps(decision, step)
    if step.actor is not None and step.actor.pk == decision.proposed_by_id:
        yield "پیشنهاد را خود شما داده‌اید؛ پاسخ سمن را کارشناس دیگری با شماره نامه آن ثبت می‌کند."


def delivery_gaps(decision: MembershipDecision, step: Step) -> Iterator[str]:
    """Delivered after it was decided, and not in the future."""
    day = step.asked.get("delivered_on")
    if day is not None and day > step.on:
        yield "تاریخ ابلاغ نمی‌تواند پس از امروز باشد."
    elif day is not None and decision.decided_on is not None and day < decision.decided_on:
        yield "نامه پیش از تصمیم ابلاغ نمی‌شود؛ تاریخ ابلاغ را درست کنید."


def objection_gaps(decision: MembershipDecision, step: Step) -> Iterator[str]:
    """X5: within the days that begin with the delivery."""
    due = clocks.objection_due(decision)
    if due is not None and step.on > due:
        yield f"مهلت اعتراض در پایان {day_words(due)} گذشته است."
    yield from paper_gaps(decision, step)


def needs_review(decision: MembershipDecision) -> bool:
    """Whether an urgent suspension still waits for its review."""
    return decision.is_urgent and decision.reviewed_by_id is None


def review_gaps(decision: MembershipDecision, step: Step) -> Iterator[str]:
    if not decision.is_urgent:
        yield "تنها تعلیق فوری بازبینی می‌شود."
    elif decision.reviewed_by_id is not None:
        yield "این تعلیق بازبینی شده است."


# --- when a clock runs out -----------------------------------------------------------------------------------


def _standing(state: DecisionState) -> QuerySet[MembershipDecision]:
    return MembershipDecision.objects.filter(state=state).select_related("ngo").order_by("id")


def unanswered(at: datetime) -> Iterable[MembershipDecision]:
    """Proposals whose days to answer are over."""
    return [row for row in _standing(D.PROPOSED) if clocks.hearing_due(row) < local_date(at)]


def undecided(at: datetime) -> Iterable[MembershipDecision]:
    """Proposals that were heard and on which nobody decided in time."""
    return [row for row in _standing(D.HEARD) if clocks.proposal_due(row) < local_date(at)]


def unobjected(at: datetime) -> Iterable[MembershipDecision]:
    """Decisions against which nobody may object any more."""
    return [
        row
        for row in _standing(D.DELIVERED)
        if (clocks.objection_due(row) or local_date(at)) < local_date(at)
    ]


def hearing_runs(decision: MembershipDecision, step: Step) -> Iterator[str]:
    """Asked again under the lock."""
    if clocks.hearing_due(decision) >= step.on:
        yield "مهلت پاسخ هنوز نگذشته است."


def proposal_runs(decision: MembershipDecision, step: Step) -> Iterator[str]:
    if clocks.proposal_due(decision) >= step.on:
        yield "مهلت تصمیم هنوز نگذشته است."


def objection_runs(decision: MembershipDecision, step: Step) -> Iterator[str]:
    if (clocks.objection_due(decision) or step.on) >= step.on:
        yield "مهلت اعتراض هنوز نگذشته است."


# --- what follows ---------------------------------------------------------------------------------------------


def write_letter(decision: MembershipDecision, step: Step) -> dict[str, Any]:
    """The letter with the grounds, and how and until when the NGO objects (X5)."""
    days = int(settings_store.value(ngo_settings.OBJECTION_DAYS, step.on))
    ruling = int(settings_store.value(ngo_settings.RULING_DAYS, step.on))
    answer = "پاسخ آن سمن به پیشنهاد تعلیق پیش از تصمیم خوانده شد." if decision.answer else ""
    urgent = ""
    if decision.is_urgent:
        due = day_words(clocks.review_due(decision))
        urgent = f"این تعلیق فوری است و تا پایان {due} بازبینی می‌شود."
    paragraphs = (
        SAYS[decision.kind],
        f"دلایل: {decision.grounds}",
        " ".join(part for part in (answer, urgent) if part),
        f"می‌توانید ظرف {days} روز کاری از روز ابلاغ این نامه در سامانه یا با نامه به ستاد سمن‌ها اعتراض کنید.",
        f"شخصی که در این تصمیم دستی نداشته است ظرف {ruling} روز کاری به اعتراض رسیدگی می‌کند. {LAST_INSTANCE}",
    )
    letter = issue_decision_letter(
        decision,
        subject=str(decision.get_kind_display()),
        paragraphs=tuple(text for text in paragraphs if text),
        actor=step.actor,
        at=step.at,
        authority=step.authority,
    )
    return {"letter": letter.number.text}


def uphold(decision: MembershipDecision, step: Step) -> dict[str, Any]:
    """The file goes back to what it was before the decision, from now on (nothing is dated back)."""
    for void in letters_of(decision):
        if not any(event.kind == "revoked" for event in void.events.all()):
            revoke_letter(
                void,
                reason="اعتراض سمن به این تصمیم وارد دانسته شد.",
                actor=step.actor,
                at=step.at,
                authority=step.authority,
            )
    letter = _answer_letter(decision, step, "اعتراض آن سمن وارد دانسته شد.")
    ngo = lock_row(decision.ngo)
    if ngo.state == LEFT[decision.kind]:
        table_for(ngo).apply(ngo, "restore", actor=step.actor, at=step.at, note=step.note, within=step)
    return {"letter": letter}


def dismiss(decision: MembershipDecision, step: Step) -> dict[str, Any]:
    return {"letter": _answer_letter(decision, step, f"اعتراض آن سمن وارد دانسته نشد. {LAST_INSTANCE}")}


def _answer_letter(decision: MembershipDecision, step: Step, sentence: str) -> str:
    letter = issue_decision_letter(
        decision,
        subject=f"نتیجه اعتراض به {decision.get_kind_display()}",
        paragraphs=(sentence, f"دلایل: {step.note}"),
        actor=step.actor,
        at=step.at,
        authority=step.authority,
    )
    return letter.number.text


# --- words -----------------------------------------------------------------------------------------------------


def words(decision: MembershipDecision, step: Step) -> dict[str, str]:
    """The days that a step's sentences name."""
    kind, state = str(decision.get_kind_display()), decision.state
    days = {
        "hearing_due": clocks.hearing_due(decision) if state == D.PROPOSED else None,
        "proposal_due": clocks.proposal_due(decision) if state == D.HEARD else None,
        "objection_due": clocks.objection_due(decision),
        "delivery_due": clocks.delivery_due(decision),
        "ruling_due": clocks.ruling_due(decision),
    }
    return {
        "kind_words": kind,
        "ngo_name": decision.ngo.name,
        **{key: day_words(day) for key, day in days.items()},
    }


def what_upholding_brings(decision: MembershipDecision) -> list[str]:
    """What an upheld objection does to the file."""
    if decision.ngo.state != LEFT[decision.kind]:
        return ["وضعیت پرونده پس از این تصمیم دگرگون شده است؛ نتیجه ثبت می‌شود و پرونده همان‌جا می‌ماند."]
    if decision.kind == K.REJECTION:
        return ["درخواست به بررسی بازمی‌گردد.", "سمن نامه نتیجه را می‌گیرد."]
    found = ["دوره تازه عضویت آغاز می‌شود؛ روزهای گذشته همان‌گونه که بوده می‌ماند.", "سمن نامه نتیجه را می‌گیرد."]
    if decision.kind == K.END:
        found.insert(1, "گواهی عضویت تازه صادر می‌شود؛ شماره عضویت همان است. سطح پیشین بازنمی‌گردد.")
    return [*found, "بی پروانه معتبر، تعلیق به سبب پایان پروانه می‌ماند."]
