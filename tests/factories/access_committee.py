"""The committee of the access matrix: its people sit in the seats, others head, serve and represent."""

from datetime import timedelta
from typing import Any

from committee.models import Seating
from committee.operations import terms
from ngos.models import NgoAccount
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.jalali import format_jalali
from tests.factories.committee import Committee, committee_of_five
from tests.factories.people import NOW, TODAY, make_user

DAY = format_jalali(TODAY)
TOMORROW = format_jalali(TODAY + timedelta(days=1))


def build_committee(scene: Any) -> Committee:
    """A term with five in their seats, and a term that HQ's other manager proposes."""
    people, others, things = scene.people, scene.others, scene.things
    others["deputy2_manager"] = make_user(Role.DEPUTY_MANAGER, username="other.deputy2_manager")
    five = committee_of_five(
        hq_manager=others["manager2"],
        deputy_manager=others["deputy2_manager"],
        hq_expert=others["registrar"],
        hq1=people[Role.HQ_MEMBER],
        deputy1=people[Role.DEPUTY_MEMBER],
        ngo_member=people[Role.NGO_MEMBER],
        secretary=people[Role.SECRETARY],
        auditor=people[Role.AUDITOR],
        hq_expert2=others["reviewer"],
    )
    fresh = make_user(None, side="ngo", username="other.fresh_representative")
    NgoAccount.objects.create(
        ngo=five.ngo,
        user=fresh,
        period=period(TODAY - timedelta(days=9)),
        letter_reference="۱",
        created_at=NOW,
    )
    others["fresh_representative"] = fresh
    things |= {
        "committee": five,
        "term": five.term,
        "seat_hq": five.seats["hq2"],
        "seat_deputy": five.seats["deputy2"],
        "seat_ngo": five.seats["ngo"],
        "seating_hq": five.seatings["hq2"],
        "seating_ngo": five.seatings["ngo"],
    }
    things["term_proposed"] = terms.propose_term(
        actor=others["manager2"],
        at=NOW,
        memorandum=five.memorandum,
        starts_on=TODAY + timedelta(days=30),
        planned_end_on=TODAY + timedelta(days=700),
        chair_code="hq1",
    )
    return five


def _appoint(scene: Any, row: Any) -> dict[str, Any]:
    side = {"seat_hq": "hq", "seat_deputy": "deputy", "seat_ngo": "ngo"}[row.args["pk"]]
    seated = Seating.objects.values("person")
    heads = [Role.HQ_MANAGER, Role.DEPUTY_MANAGER]  # nobody appoints himself
    people = User.objects.filter(side=side, is_active=True).exclude(pk__in=seated)
    person = people.exclude(role_assignments__role__in=heads).first()
    return {"person": person.pk if person else "", "starts_on": TOMORROW, "reference": "۱/۲"}


BODIES: dict[str, Any] = {
    "committee:memorandum_new": lambda scene, row: {
        "number": "۹/۹",
        "title": "تفاهم‌نامه دیگر",
        "signed_on": "1405/01/15",
        "last_day": "1409/01/15",
        "hq_signatory": "الف",
        "deputy_signatory": "ب",
    },
    "committee:term_new": lambda scene, row: {
        "starts_on": "1406/05/01",
        "planned_end_on": "1408/05/01",
        "chair_code": "hq1",
    },
    "committee:term_do": lambda scene, row: {"note": "سبب آزمون", "chair": "hq2"},
    "committee:appoint": _appoint,
    "committee:recall": lambda scene, row: {"last_day": DAY, "note": "سبب آزمون"},
    "committee:representative": lambda scene, row: {
        "person": scene.others["fresh_representative"].pk,
        "reference": "۷",
    },
}
#: A term is proposed already: the form comes back with that sentence.
ANSWERED = {"committee:term_new": 409}
UNRECORDED = {"committee:term_new"}
