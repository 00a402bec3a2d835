"""Parameters, ids and signs that no page of ours ever sends."""

import pytest
from django.test import Client
from django.urls import reverse

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from tests.access.matrix import PEOPLE, ROWS
from tests.access.matrix.scene import STRANGER
from tests.access.matrix.table import Outcome
from tests.access.support import address, undone
from tests.factories.access import Scene

PAGES = [
    "/ngos/",
    "/ngos/assessments/",
    "/ngos/import/",
    "/users/",
    "/audit/",
    "/cases/",
    "/jobs/",
    "/inbox/",
]
PAGES += [
    "/ngos/memberships/",
    "/ngos/existing/",
    "/ngos/frameworks/",
    "/delegations/",
    "/holidays/",
    "/ngos/check/",
]
EXPERTS = ["/ngos/assessments/new/", "/ngos/check/", "/", "/inbox/"]
PAGES += ["/ngos/neighbourhoods/", "/", "/search/", "/search/suggest/", "/verify/"]
ODD = [
    "²",
    "9" * 5000,
    "-1",
    "1e9",
    "٣",
    "\x00",
    "' OR 1=1 --",
    "%",
    "../..",
    "🙂",
    "[]",
    "NaN",
    "1405/13/45",
]
ODD += ["1404/12/30", "² آذر ۱۴۰۵", "password", "-user__password", "a" * 3000]
NAMES = [
    "page",
    "size",
    "sort",
    "q",
    "on",
    "state",
    "district",
    "field",
    "level",
    "year",
    "before",
    "after",
    "who",
]
NAMES += [
    "since",
    "until",
    "record",
    "event",
    "job",
    "ngo",
    "kind",
    "map",
    "show",
    "only",
    "exclude",
    "what",
    "code",
]
NAMES += ["side", "role", "whose", "neighbourhood", "phone", "name", "registration_number", "national_id"]


@pytest.mark.parametrize("word", ODD, ids=range(len(ODD)))
def test_absurd_parameters_are_answered(scene: Scene, word: str) -> None:
    """No parameter of a page that is read makes it fail, alone or with all others."""
    own = [reverse(f"ngos:ngo_{tab}", args=[scene.key("member")]) for tab in ("detail", "grading", "history")]
    for person, pages in {
        Role.HQ_MANAGER: [*PAGES, *own],
        Role.HQ_EXPERT: EXPERTS,
        Role.ADMIN: ["/users/"],
    }.items():
        for url in pages:
            with undone():
                status = scene.client(person).get(url, dict.fromkeys(NAMES, word)).status_code
            assert status in {200, 302, 403, 404, 422}, (person, url, status)
    for url in ("/ngos/", "/users/"):
        with undone():
            person = Role.ADMIN if url == "/users/" else Role.HQ_MANAGER
            assert scene.client(person).get(url, {"format": "xlsx", "sort": word, "q": word}).status_code in {
                200,
                302,
            }


@pytest.mark.parametrize("word", ["²", "9" * 5000, "9" * 25, "\x00"], ids=range(4))
def test_absurd_ids_in_forms_are_answered(scene: Scene, word: str) -> None:
    fields = [
        "ngo",
        "file_staged",
        "scan_staged",
        "version",
        "seen",
        "user",
        "to_user",
        "assessors",
        "district",
    ]
    fields += [
        "neighbourhood",
        "primary_field",
        "indicators",
        "missing",
        "role",
        "delegate",
        "unit",
        "section",
        "kind",
    ]
    for row in {row.name: row for row in reversed(ROWS)}.values():
        person = next((who for who in PEOPLE if row.post[who] is Outcome.PAGE), STRANGER)
        if person == STRANGER or row.name in {"logout", "user_password"}:
            continue
        with undone():
            status = scene.client(person).post(address(scene, row), dict.fromkeys(fields, word)).status_code
        assert status < 500, (row.key, status)


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_signs_of_sql_patterns_are_letters_in_a_search(scene: Scene, sign: str) -> None:
    """Among accounts they are looked for; in names of NGOs they part words, as other signs do."""
    admin, expert = scene.client(Role.ADMIN), scene.client(Role.HQ_EXPERT)

    def count(client: Client, url: str, query: str) -> int:
        return int(client.get(url, {"q": query}).context["page_obj"].paginator.count)

    literal = sum(sign in user.username for user in User.objects.all())
    assert count(admin, "/users/", "") > literal == count(admin, "/users/", sign)
    assert count(expert, "/ngos/import/", "") == 1 and count(expert, "/ngos/import/", f"reg{sign}xlsx") == 0
    for typed in (f"س{sign}ن", f"ارغو{sign}ن"):
        parted = typed.replace(sign, " ")
        for url in ("/ngos/", "/ngos/assessments/"):
            assert count(expert, url, typed) == count(expert, url, parted)
    assert not any(group["count"] for group in expert.get("/search/", {"q": sign * 2}).context["groups"])
