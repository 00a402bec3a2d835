"""Every address × person × method against the written matrix."""

from typing import Any

import pytest

from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.trail import events
from tests.access.bodies import ANSWERED, BODIES, REFUSED_BY_STATE, UNRECORDED
from tests.access.hidden import hidden_in, text_of
from tests.access.matrix import PEOPLE, ROWS, Row
from tests.access.matrix.scene import STRANGER
from tests.access.matrix.table import Outcome
from tests.access.support import (
    STRICT_POLICY,
    address,
    asked,
    body_of,
    names,
    outcome,
    sentences_of,
    undone,
    watched,
)
from tests.factories.access import Scene, client_of

NAMES = list(dict.fromkeys(row.name for row in ROWS))
#: Sheets and files are no text, the kit is a sample, and what a letter makes public is for everybody.
NOT_READ = {"letter_pdf", "letter_page", "attachment", "kit", "kit_page", "verify"}
MOST_QUERIES = 20
OWN_POLICY = {"letter_pdf", "letter_page", "attachment"}


def rows_of(name: str) -> list[Row]:
    return [row for row in ROWS if row.name == name]


def test_every_address_is_in_the_matrix_once_and_nothing_else_is() -> None:
    assert set(NAMES) == set(names())
    keys = [row.key for row in ROWS]
    assert len(keys) == len(set(keys))
    for row in ROWS:
        assert set(row.get) == set(row.post) == set(PEOPLE), row.key


@pytest.mark.parametrize("name", NAMES)
def test_get(scene: Scene, name: str) -> None:
    """Who may opens it, in at most twenty statements, and reads nothing there that is hidden from them."""
    wrong = []
    for row in rows_of(name):
        url = address(scene, row)
        for person in PEOPLE:
            with undone(), asked() as statements:
                response = scene.client(person).get(url)
                text = text_of(response)
            wrong += _differences(row, person, "GET", row.get[person], response)
            wrong += [f"{row.key} {person}: {said}" for said in _headers(name, person, response)]
            if person != STRANGER and row.get[person] is Outcome.PAGE and name not in NOT_READ:
                found = hidden_in(text, person, url)
                wrong += [f"{row.key}: {person} reads {word}" for word in found]
            if len(statements) > MOST_QUERIES:
                wrong.append(f"{row.key}: {len(statements)} queries for {person}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", NAMES)
def test_empty_post(scene: Scene, name: str) -> None:
    """Nothing filled in: the form comes back with its sentences (the others are tried with a good form below)."""
    wrong = []
    for row in rows_of(name) if name in BODIES else rows_of(name)[:1]:
        url = address(scene, row)
        for person in PEOPLE if name not in BODIES else _may_send(row):
            with undone():
                response = scene.client(person).post(url)
                wrong += _differences(row, person, "POST", row.post[person], response)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name in NAMES if name in BODIES])
def test_valid_post(scene: Scene, name: str) -> None:
    """Whoever may, does it and leaves an entry; whoever may not, writes nothing but the refused attempt."""
    wrong = []
    for row in rows_of(name):
        url = address(scene, row)
        for person in PEOPLE:
            with undone():
                last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
                with watched() as written:
                    response = scene.client(person).post(url, BODIES[name](scene, row))
                wrong += _differences(row, person, "POST", row.post[person], response)
                left = AuditEntry.objects.filter(pk__gt=last).exclude(event=events.REFUSED.code).count()
                if row.post[person] is Outcome.PAGE:
                    wrong += [f"{row.key} {person}: {text}" for text in _undone(row, response, left)]
                else:
                    wrong += [f"{row.key} {person} wrote: {sql}" for sql in written]
                    assert left == 0, (row.key, person)
    assert not wrong, "\n".join(wrong)


def test_every_address_that_is_sent_to_has_a_form_here() -> None:
    sent_to = {row.name for row in ROWS if Outcome.PAGE in row.post.values()}
    assert sent_to == set(BODIES)


@pytest.mark.parametrize("name", [name for name in NAMES if name in BODIES])
def test_a_form_without_its_token_is_refused(scene: Scene, name: str) -> None:
    """Also from the one who may: a page of another site cannot send it."""
    row = rows_of(name)[0]
    person = _may_send(row)[0]
    with undone():
        client = client_of(scene.people.get(person), enforce_csrf_checks=True)
        with watched() as written:
            response = client.post(address(scene, row), BODIES[name](scene, row))
    assert response.status_code == 403
    assert "صفحه کهنه شده بود" in response.content.decode()
    assert written == []


@pytest.mark.parametrize("method", ["head", "put", "patch", "delete", "options"])
def test_other_methods_are_refused_or_only_read(scene: Scene, method: str) -> None:
    """No address does by another method what it does by POST."""
    for name in NAMES:
        row = rows_of(name)[0]
        person = next((who for who in PEOPLE if Outcome.PAGE in (row.post[who], row.get[who])), STRANGER)
        with undone(), watched() as written:
            response = getattr(scene.client(person), method)(address(scene, row))
            body_of(response)
        assert response.status_code in {200, 302, 403, 404, 405, 503}, (row.key, response.status_code)
        if method != "head":
            assert response.status_code in {302, 403, 404, 405}, (row.key, response.status_code)
            assert written == [], row.key


def _may_send(row: Row) -> list[str]:
    return [person for person in PEOPLE if row.post[person] is Outcome.PAGE]


def _differences(row: Row, person: str, method: str, wanted: Outcome, response: Any) -> list[str]:
    got = outcome(response)
    if row.name == "readyz" and got == "503":  # no worker runs beside the tests; it was answered all the same
        got = Outcome.PAGE
    if got != wanted:
        return [
            f"{row.key}: {method} as {person} gave {response.status_code} ({got}), the matrix says {wanted}"
        ]
    if got is Outcome.NO and not any("." in text for text in sentences_of(response)):
        return [f"{row.key}: {method} as {person} is refused without a sentence"]
    return []


def _headers(name: str, person: str, response: Any) -> list[str]:
    wrong = []
    policy = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    if response.status_code == 200 and name in OWN_POLICY:
        if "default-src 'none'" not in policy:
            wrong.append("a file is served without a policy of its own")
    elif policy != STRICT_POLICY:
        wrong.append(f"policy {policy ^ STRICT_POLICY}")
    if response.headers.get("X-Content-Type-Options") != "nosniff":
        wrong.append("no nosniff")
    if response.headers.get("X-Frame-Options") != "DENY":
        wrong.append("may be framed")
    is_personal = person != STRANGER and "text/html" in response.headers.get("Content-Type", "")
    if is_personal and "no-store" not in response.headers.get("Cache-Control", ""):
        wrong.append("a personal page may be kept")
    if person == STRANGER and name.startswith("verify") and response.cookies:
        wrong.append("the public check sets a cookie")
    return wrong


def _undone(row: Row, response: Any, left: int) -> list[str]:
    """Why what was sent does not count as done."""
    if row.key in REFUSED_BY_STATE:
        return [] if response.status_code == 409 else [f"gave {response.status_code} and not the refusal"]
    if response.status_code != ANSWERED.get(row.name, 302):
        context = response.context or {}
        form = context.get("form")
        return [f"gave {response.status_code}: {getattr(form, 'errors', '')} {sentences_of(response)}"]
    if left == 0 and row.key not in UNRECORDED:
        return ["left no entry"]
    return []
