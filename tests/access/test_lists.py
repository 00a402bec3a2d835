"""What a list, a search, a file or the home page shows agrees with what each person may open."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from committee import rules as committee_rules
from committee.models import Meeting, Minutes, Motion, NominationRound, Nominee, PolicyDocument, Resolution
from ngos import rules
from ngos.models import Assessment, Framework, Ngo
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters import letter_rules
from staff_portal.kernel.models import Job, Letter, User
from staff_portal.kernel.persian.digits import to_persian_digits
from tests.access.hidden import NOMINEES, READ_NAME, hidden_in, is_told_nominees, text_of
from tests.access.matrix import PEOPLE, ROWS
from tests.access.matrix.scene import NOBODY, STRANGER
from tests.access.matrix.table import HQ, READERS, SEE_FOREIGN, Outcome
from tests.access.support import address, body_of, undone
from tests.factories.access import CODES, NAMES, Scene
from tests.factories.people import TODAY

SIGNED_IN = [person for person in PEOPLE if person != STRANGER]
NGO_PAGES = {"ngos:ngo_detail", "ngos:assessment_detail"}
SHARED = [
    "",
    "inbox/",
    "ngos/",
    "ngos/assessments/",
    "ngos/frameworks/",
    "ngos/memberships/",
    "ngos/existing/",
]
SHARED += [
    "ngos/import/",
    "jobs/",
    "cases/",
    "delegations/",
    "committee/nominations/",
    "committee/meetings/",
    "committee/motions/",
    "committee/resolutions/",
    "committee/policies/",
    "audit/",
    "users/",
    "settings/",
    "holidays/",
    "profile/",
]


def shared_pages(scene: Scene) -> Iterator[str]:
    """Pages that gather many records, each as page and as Excel, and the search for every word."""
    for path in SHARED:
        yield f"/{path}"
        yield f"/{path}?format=xlsx"
    for name in NAMES.values():
        yield f"/search/?q={name.split()[-1]}"
    yield from ("/?show=all", "/jobs/?whose=all", "/cases/?state=settled", "/search/suggest/?q=سمن")
    yield f"/audit/?record=ngos.assessment:{scene.key('scoring')}"
    yield f"/audit/?record=ngos.ngo:{scene.key('member')}&format=xlsx"


@pytest.mark.parametrize("person", SIGNED_IN)
def test_nothing_hidden_is_read_in_lists_and_searches(scene: Scene, person: str) -> None:
    """Every list as page and as Excel, and every search; the single pages are read where they are opened (above).

    Together with the NGOs' own pages they show each name to everybody who may read it.
    """
    own = [address(scene, row) for row in ROWS if row.get[person] is Outcome.PAGE and row.name in NGO_PAGES]
    shown = set()
    for url in dict.fromkeys([*own, *shared_pages(scene)]):
        with undone():
            text = text_of(scene.client(person).get(url))
        assert hidden_in(text, person, url) == set(), url
        told = NOMINEES if is_told_nominees(person, url) else set()
        shown |= {key for key, name in NAMES.items() if name in text and key not in told}
    assert shown == {key for key, readers in READ_NAME.items() if person in readers}


def test_asked_for_codes_come_to_those_who_may(scene: Scene) -> None:
    url = reverse("ngos:ngo_people", args=[scene.key("member")])
    for person in SIGNED_IN:
        with undone():
            text = body_of(scene.client(person).post(url))
        is_shown = to_persian_digits(CODES["member"]) in text or CODES["member"] in text
        assert is_shown == (person in {*HQ, Role.NGO_USER}), person


AGREE = [
    (Ngo, rules.ngos_visible_to, rules.can_view_ngo),
    (Assessment, rules.assessments_visible_to, rules.can_view_assessment),
    (Framework, rules.frameworks_visible_to, rules.can_view_framework),
    (Letter, letter_rules.letters_visible_to, letter_rules.can_view_letter),
    (Job, letter_rules.jobs_visible_to, letter_rules.can_view_job),
    (NominationRound, committee_rules.rounds_visible_to, committee_rules.can_view_round),
    (Nominee, committee_rules.nominees_visible_to, committee_rules.can_view_nominee),
    (Meeting, committee_rules.meetings_visible_to, committee_rules.can_view_meeting),
    (Motion, committee_rules.motions_visible_to, committee_rules.can_view_motion),
    (Resolution, committee_rules.resolutions_visible_to, committee_rules.can_view_resolution),
    (Minutes, committee_rules.minutes_visible_to, committee_rules.can_view_minutes),
    (PolicyDocument, committee_rules.policies_visible_to, committee_rules.can_view_policy),
]


@pytest.mark.parametrize(
    ("model", "condition", "predicate"), AGREE, ids=lambda value: getattr(value, "__name__", "")
)
def test_list_and_object_permission_agree(scene: Scene, model: Any, condition: Any, predicate: Any) -> None:
    """For everybody and every record of the scene; both find something and hide something."""
    everything = list(model.objects.all())
    outcomes = set()
    people = [*scene.people.values(), *scene.others.values()]
    for person in User.objects.filter(pk__in=[user.pk for user in people]):
        listed = set(model.objects.filter(condition(person, TODAY)).values_list("pk", flat=True))
        for obj in everything:
            may = predicate(person, obj, TODAY)
            assert may == (obj.pk in listed), (person.username, obj)
            outcomes.add(may)
    assert outcomes == {True, False}


def test_the_registry_list_is_exactly_what_may_be_opened(scene: Scene) -> None:
    for person in SIGNED_IN:
        if person in {NOBODY, Role.NGO_USER}:
            continue
        with undone():
            text = text_of(scene.client(person).get("/ngos/?size=100"))
        for key, readers in READ_NAME.items():
            if person in {*READERS, *SEE_FOREIGN, Role.REGION_OFFICER, Role.DISTRICT_HEAD, Role.HQ_ASSESSOR}:
                assert (NAMES[key] in text) == (person in readers), (person, key)
