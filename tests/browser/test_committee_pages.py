"""Every page of the committee, as who is concerned opens it: axe finds nothing, nothing runs out of a phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from committee.enums import MeetingState as M
from committee.enums import MinutesState, MotionState, ResolutionState, RoundState, SeatCode
from committee.models import (
    ActionItem,
    AmendmentRequest,
    Meeting,
    Minutes,
    Motion,
    NominationRound,
    PolicyArticle,
    PolicyDocument,
    Resolution,
    Seating,
    Term,
)
from staff_portal.kernel.models import User
from tests.browser.looking import IN_TURNS, flaws_by_address

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOME = "/committee/"


def first(model: Any, **wanted: Any) -> str:
    """The number, in an address, of the first record that is as wanted."""
    return str(model.objects.filter(**wanted).order_by("pk").values_list("pk", flat=True)[0])


def meetings() -> dict[str, str]:
    """A meeting's address by its state, and the minutes' by theirs."""
    found = {row.state: f"{HOME}meetings/{row.pk}/" for row in Meeting.objects.order_by("-pk")}
    return found | {
        f"minutes {row.state}": f"{HOME}meetings/{row.meeting_id}/minutes/" for row in Minutes.objects.all()
    }


def of_secretary() -> Iterator[str]:
    at = meetings()
    yield from (HOME, f"{HOME}memorandum/", f"{HOME}terms/{first(Term)}/")
    yield from (f"{HOME}meetings/", f"{HOME}meetings/?q=هیچ‌جا", f"{HOME}meetings/new/")
    yield from (at[state] for state in (M.PLANNED, M.CALLED, M.IN_SESSION, M.CLOSED, M.CANCELLED))
    yield from (f"{at[M.PLANNED]}agenda/", f"{at[M.PLANNED]}edit/", f"{at[M.CALLED]}absence/")
    yield from (at[f"minutes {state}"] for state in MinutesState.values)
    yield f"{at[f'minutes {MinutesState.DRAFT}']}write/"
    amendment = AmendmentRequest.objects.select_related("minutes").filter(state="asked")[0]
    yield f"{HOME}meetings/{amendment.minutes.meeting_id}/minutes/amendments/{amendment.pk}/"
    yield from (f"{HOME}motions/", f"{HOME}motions/new/")
    yield from (
        f"{HOME}motions/{first(Motion, state=state)}/"
        for state in (MotionState.DRAFT, MotionState.TABLED, MotionState.OPEN, MotionState.LOST)
    )
    yield f"{HOME}motions/{first(Motion, state=MotionState.TABLED)}/do/circulate/"
    yield from (f"{HOME}resolutions/", f"{HOME}resolutions/{first(Resolution)}/")
    policy = first(PolicyDocument)
    yield from (f"{HOME}policies/", f"{HOME}policies/new/", f"{HOME}policies/{policy}/")
    article = first(PolicyArticle, document_id=policy)
    yield from (f"{HOME}policies/{policy}/edit/", f"{HOME}policies/{policy}/articles/new/")
    yield from (f"{HOME}policies/{policy}/articles/{article}/{step}/" for step in ("edit", "state"))


def of_members(people: dict[str, User]) -> Iterator[tuple[str, list[str]]]:
    """Votes and signatures that wait: the pages a member opens on a phone."""
    at = meetings()
    yield (
        "hq.member1",
        [
            "/",
            HOME,
            at[M.AWAITING_CHAIR],
            f"{at[M.AWAITING_CHAIR]}do/call/",
            at[M.IN_SESSION],
            f"{HOME}motions/{first(Motion, state=MotionState.CARRIED)}/",
            f"{HOME}motions/{first(Motion, state=MotionState.CARRIED)}/receipt/",
        ],
    )
    waiting = Motion.objects.filter(state=MotionState.OPEN).exclude(ballots__voter=people["ngo.member"])[0]
    yield (
        "ngo.member",
        [
            "/",
            f"{HOME}motions/?only=mine",
            f"{HOME}motions/{waiting.pk}/",
            f"{HOME}motions/{waiting.pk}/cast/?choice=against",
            f"{at[f'minutes {MinutesState.CIRCULATED}']}amendments/new/",
            f"{at[f'minutes {MinutesState.SIGNING}']}sign/",
        ],
    )
    opened = first(NominationRound, state=RoundState.OPEN)
    yield "deputy.member2", [f"{HOME}nominations/{opened}/do/cast/"]


def addresses(people: dict[str, User]) -> dict[str, list[str]]:
    """What each person opens, by sign-in name."""
    opened = NominationRound.objects.get(state=RoundState.OPEN)
    decided = first(NominationRound, state=RoundState.DECIDED)
    nominee = opened.nominees.order_by("pk")[0].pk
    awaiting = first(Resolution, state=ResolutionState.AWAITING)
    term = Term.objects.filter(state="open").order_by("-starts_on")[0]
    action = ActionItem.objects.filter(state="open", owner=people["hq.expert"])[0]
    own = Seating.objects.filter(seat__term=term, seat_code=SeatCode.DEPUTY1)[0]
    return {
        "secretary": list(of_secretary()),
        **dict(of_members(people)),
        "hq.expert": [
            f"{HOME}nominations/",
            f"{HOME}nominations/?q=هیچ‌جا",
            f"{HOME}nominations/new/",
            f"{HOME}nominations/{opened.pk}/",
            f"{HOME}nominations/nominee/{nominee}/",
            f"{HOME}actions/{action.pk}/do/finish/",
        ],
        "deputy.manager": [
            "/",
            f"{HOME}terms/{term.pk}/",
            f"{HOME}terms/new/",
            f"{HOME}seats/{own.seat_id}/appoint/",
            f"{HOME}seatings/{own.pk}/recall/",
            f"{HOME}nominations/{opened.pk}/",
            f"{HOME}resolutions/{awaiting}/",
        ],
        "hq.manager": [f"{HOME}memorandum/new/"],
        "auditor": [HOME, f"{HOME}nominations/{decided}/", meetings()[M.MINUTED]],
    }


def test_every_page_of_the_committee(demo: dict[str, User], new_page: Callable[..., Page]) -> None:
    """Axe looks by day and by night in turns, as at the rest of the portal."""
    found = {}
    for username, wanted in addresses(demo).items():
        page = new_page(demo[username])
        flaws = flaws_by_address(page, wanted, IN_TURNS)
        found |= {f"{username} {address}": lines for address, lines in flaws.items()}
        page.context.close()
    assert found == {}
