"""One nomination round: its path and clock, the three side by side, who has voted, after the end every ballot (C2, C3)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from committee import rules, secrecy
from committee.enums import RoundState
from committee.models import NominationRound
from committee.operations import nominations
from committee.pages import nominations as lists
from committee.pages import nominations_display as display
from committee.workflow.nominations import ROUND
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.records import Look, Note, Part, RecordPage, glance, own_badge
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
from staff_portal.kernel.persian.jalali import format_jalali

SEALED = "رأی داده شده بود؛ رأی‌های دور باطل برای همیشه پنهان می‌ماند."
OWN_BALLOT = "ثبت شده است و تا پایان دور، تنها خود شما آن را می‌بینید."


def visible(user: User, on: date) -> QuerySet[NominationRound]:
    """The rounds the person may see, with what the page of one names."""
    return lists.visible(user, on).select_related("prepared_by", "sealed_by", "decided_by", "proof__number")


def crumbs_of(nomination: NominationRound | None) -> list[dict[str, str]]:
    """The way to a round."""
    way = [
        {"label": "کمیته مشترک", "url": reverse("committee:home")},
        {"label": "معرفی نامزد", "url": reverse("committee:nomination_list")},
    ]
    if nomination is None:
        return way
    label = f"دور {to_persian_digits(nomination.number)}"
    return [*way, {"label": label, "url": nomination.get_absolute_url()}]


def picture(nomination: NominationRound, look: Look) -> display.Picture:
    """What the cards of the page draw, read once."""
    return look.once("picture", lambda: display.picture_of(nomination, look.me, look.on))


# --- head ----------------------------------------------------------------------------------------------------


def _badges(nomination: NominationRound, look: Look) -> list[tuple[str, str]]:
    clock, tone = display.clock_words(picture(nomination, look), look.on)
    return [*own_badge(nomination, look), *([(clock, tone)] if clock else [])]


def _notes(nomination: NominationRound, look: Look) -> Iterator[Note]:
    seen = picture(nomination, look)
    if nomination.state == RoundState.DECIDED and nomination.chosen and nomination.decided_on:
        day = format_jalali(nomination.decided_on, "medium")
        how = "با تصمیم معاون" if nomination.decided_by_id else "با دو رأی یکسان معاونت"
        why = f" دلیل: {nomination.reason}" if nomination.reason else ""
        yield Note(
            "ok",
            [f"«{nomination.chosen.ngo.name}» در {day} {how} برگزیده شد.{why}"],
            "نماینده سمن‌ها برگزیده شد",
        )
    if nomination.state == RoundState.VOID:
        yield Note("no", [nomination.void_reason], "این دور باطل است")
    if nomination.state == RoundState.OPEN and seen.standing.head_reason:
        yield Note("wait", [seen.standing.head_reason], "تصمیم با معاون است")
    mine = seen.own_choice(look.me.pk)
    if mine is not None and nomination.state not in display.OVER:
        yield Note("ok", [f"رأی شما به «{mine.ngo.name}» {OWN_BALLOT}"])


def _may_add(nomination: NominationRound, look: Look) -> bool:
    may = rules.EDIT_NOMINEES.authority(look.me, nomination, look.on) is not None
    return may and nomination.state == RoundState.PREPARING


def _add_url(nomination: NominationRound) -> str:
    return reverse("committee:nominee_add", args=[nomination.pk])


def _actions(nomination: NominationRound, look: Look) -> list[dict[str, Any]]:
    """Steps of the round; who has voted reads that in the page and needs no greyed button for it."""
    seen = picture(nomination, look)
    has_voted = seen.own_choice(look.me.pk) is not None
    shown = [option for option in look.options if not (has_voted and option.name == "cast")]
    steps = step_actions(ROUND, nomination, shown)
    if not _may_add(nomination, look):
        return steps
    add = {"label": "افزودن نامزد", "url": _add_url(nomination), "confirm": True, "icon": "plus"}
    return [{**add, "main": len(seen.nominees) < nominations.THREE}, *steps]


# --- cards ---------------------------------------------------------------------------------------------------


def _nominees(nomination: NominationRound, look: Look) -> dict[str, Any]:
    allowed = [option.name for option in look.options if option.allowed]
    return {
        "cards": display.cards(picture(nomination, look), look.me, look.on, allowed),
        "add_url": _add_url(nomination) if _may_add(nomination, look) else "",
    }


def _circle(nomination: NominationRound, look: Look) -> dict[str, Any] | None:
    seen = picture(nomination, look)
    voted = f"{to_persian_digits(len(seen.ballots))} از ۴"
    return {"circle": display.circle(seen, look.me), "voted": voted} if nomination.sealed_on else None


def _ballots(nomination: NominationRound, look: Look) -> dict[str, Any] | None:
    """The ballots that may be read, after the end that there was none; of a void round how many and no more."""
    seen = picture(nomination, look)
    rows, is_over = display.ballot_rows(seen), nomination.state in display.OVER
    if not nomination.sealed_on or not (rows or is_over):
        return None
    if secrecy.are_sealed(nomination):
        count, none = len(seen.ballots), "تا ابطال این دور رأیی داده نشد."
        return {"sealed": f"{to_persian_digits(count)} {SEALED}" if count else none}
    return {"ballots": rows}


ROUND_PAGE = RecordPage(
    table=ROUND,
    name="committee:nomination_detail",
    visible=visible,
    crumbs=crumbs_of,
    title=lambda row: to_persian_text(str(row)),
    badges=_badges,
    meta=lambda row: [f"کرسی سمن‌ها، دوره {to_persian_digits(row.seat.term.number)} کمیته مشترک"],
    path_of=display.stepper,
    path_label="مسیر انتخاب",
    notes=_notes,
    actions=_actions,
    before=(Part("نامزدها", "committee/nominations/nominees.html", _nominees, bare=True),),
    main=(
        Part(
            "رأی‌دهندگان",
            "committee/nominations/voters.html",
            _circle,
            subtitle="رأی نمایندگان ستاد سمن‌ها مشورتی است و انتخاب با معاونت است.",
        ),
        Part("رأی‌ها", "committee/nominations/ballots.html", _ballots, bare=True),
    ),
    side=(glance(lambda row, look: display.facts(picture(row, look))),),
    letters=lambda row: [row.proof] if row.proof else [],
    letters_title="برگه اثبات انتخاب",
    styles="css/nominations.css",
)
