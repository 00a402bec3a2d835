"""Documents by their table: every cell, what the operation, the page and the database refuse (N2)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ngos.models import NgoDocument
from ngos.operations import membership
from ngos.workflow import ASSESSMENT, DOCUMENT
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.models import AuditEntry, Case, User
from staff_portal.kernel.workflow import work
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, make_user
from tests.ngos.registry.support import represent, text_of
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell
from tests.support.states import put

pytestmark = pytest.mark.django_db
DESIGN = {
    "upload": line({Role.HQ_EXPERT, Role.NGO_USER}, [], {"pending"}),
    "accept": line({Role.HQ_EXPERT}, {"pending"}, {"accepted"}),
    "return": line({Role.HQ_EXPERT}, {"pending"}, {"returned"}),
    "revoke_acceptance": line({Role.HQ_MANAGER}, {"accepted"}, {"revoked"}),
}
NOTE = {"note": "دلیل روشن"}
REVOKED: dict[str, Any] = {**NOTE, "heard": "سمن پذیرفت که نسخه نادرست است"}
ASKED = {"return": NOTE, "revoke_acceptance": REVOKED}


@pytest.fixture
def in_state(registrar: User, reviewer: User) -> Any:
    def make_one(state: str) -> NgoDocument:
        document = make.upload(make.draft(registrar), "statute", registrar)
        step = {"accepted": "accept", "returned": "return", "revoked": "accept"}.get(state)
        asked = NOTE if step == "return" else {}
        document = DOCUMENT.apply(document, step, actor=reviewer, at=NOW, **asked) if step else document
        return put(DOCUMENT, document, "revoked") if state == "revoked" else document

    return make_one


def test_the_table_is_the_design() -> None:
    assert_as_written(DOCUMENT, DESIGN)


@pytest.mark.parametrize(("state", "name"), cells(DOCUMENT, DESIGN))
def test_every_role_in_every_cell(state: str, name: Names, in_state: Any) -> None:
    people = {role: make_user(role, scope_id=6) for role in Role.values}

    def record(wanted: str) -> NgoDocument:
        document = in_state(wanted)
        represent(document.ngo, people[Role.NGO_USER])
        return document

    try_cell(DOCUMENT, DESIGN, state, name, Trial(record, people, lambda row: NOW, ASKED))


def test_who_may_upload_and_what(registrar: User) -> None:
    ngo, own, stranger = make.draft(registrar), make_user(Role.NGO_USER), make_user(Role.NGO_USER)
    represent(ngo, own)
    assert make.upload(ngo, "statute", own).uploaded_by == own
    with pytest.raises(NotPermitted, match="نماینده این سمن نیستید"):
        make.upload(ngo, "statute", stranger)
    for role in set(Role.values) - {Role.HQ_EXPERT, Role.NGO_USER}:
        with pytest.raises(NotPermitted):
            make.upload(ngo, "statute", make_user(role, scope_id=6))
    with pytest.raises(TransitionRefused, match="از فهرست برگزینید"):
        make.upload(ngo, "recipe", registrar)
    with pytest.raises(TransitionRefused, match="اعتبار این مدرک گذشته است"):
        make.upload(ngo, "statute", registrar, valid_until=TODAY - timedelta(days=1))
    with pytest.raises(TransitionRefused, match="«فایل» را وارد کنید"):
        DOCUMENT.apply(ngo, "upload", actor=registrar, at=NOW, kind="statute")
    (entry,) = AuditEntry.objects.filter(event="document.uploaded")
    assert entry.after["kind"] == "statute"
    assert len(entry.after["sha256"]) == 64
    assert entry.root_id == ngo.pk


def test_a_file_belongs_to_one_record(registrar: User, reviewer: User) -> None:
    first, second = make.draft(registrar), make.draft(registrar)
    attachment = make.upload(first, "statute", registrar).attachment
    with pytest.raises(Refusal, match="پیش از این پیوست شده"):
        DOCUMENT.apply(second, "upload", actor=registrar, at=NOW, kind="statute", attachment=attachment)
    others = make.staged_pdf(reviewer)
    with pytest.raises(Refusal, match="پیش از این پیوست شده"):
        DOCUMENT.apply(second, "upload", actor=registrar, at=NOW, kind="statute", attachment=others)
    assert not second.documents.exists()


def test_a_return_says_why_and_nobody_decides_about_an_own_document(registrar: User, in_state: Any) -> None:
    document = in_state("pending")
    with pytest.raises(Refusal, match="«دلیل بازگشت» را بنویسید"):
        DOCUMENT.apply(document, "return", actor=make_user(Role.HQ_EXPERT), at=NOW, note="  ")
    with pytest.raises(NotPermitted, match="خود شما بارگذاری کرده‌اید"):
        DOCUMENT.apply(document, "accept", actor=registrar, at=NOW)


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        ("pending", {"kind": "licence"}),
        ("pending", {"valid_until": TODAY}),
        ("pending", {"uploaded_at": NOW + timedelta(days=1)}),
        ("accepted", {"state": "pending"}),
        ("accepted", {"state": "returned"}),
        ("accepted", {"valid_until": TODAY + timedelta(days=900)}),
        ("accepted", {"decided_at": NOW + timedelta(days=1)}),
        ("returned", {"state": "accepted"}),
        ("returned", {"return_reason": "هیچ"}),
    ],
)
def test_the_database_keeps_a_document_as_it_is(in_state: Any, state: str, changes: dict[str, Any]) -> None:
    document = in_state(state)
    before = NgoDocument.objects.filter(pk=document.pk).values().get()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        NgoDocument.objects.filter(pk=document.pk).update(**changes)
    assert constraints.constraint_name(error.value) == "n2_document_kept"
    assert constraints.sentence_for(error.value) != constraints.FALLBACK
    assert NgoDocument.objects.filter(pk=document.pk).values().get() == before


def test_a_document_is_new_before_it_is_anything_else(in_state: Any) -> None:
    document = in_state("accepted")
    document.pk = None
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        document.save(force_insert=True)
    assert constraints.constraint_name(error.value) == "n2_document_kept"


# --- an acceptance that proves false (X13) ------------------------------------------------------------------------


def test_a_revoked_acceptance_counts_no_more_and_undoes_nothing(
    registrar: User, reviewer: User, manager: User, sign_in: Any
) -> None:
    """Effects forward only: the membership and its certificate stand, every grade is looked at again, the NGO hears."""
    ngo = make.member(registrar, reviewer, manager)
    user = make_user(Role.NGO_USER)
    represent(ngo, user)
    document = ngo.documents.get(kind="statute")
    assessors = [make_user(Role.HQ_ASSESSOR), make_user(Role.HQ_ASSESSOR)]
    make.published(registrar, manager)
    assessment = make.scoring(ngo, registrar, assessors)
    for assessor in assessors:
        make.score(assessment, assessor, {"g1": 3, "g2": 3, "f1": 3})
    ASSESSMENT.apply(assessment, "confirm", actor=manager, at=NOW)
    page = text_of(sign_in(manager).get(f"/ngos/{ngo.pk}/documents/{document.pk}/do/revoke_acceptance/"))
    assert "بازبینی می‌خواهد" in page
    made = DOCUMENT.apply(document, "revoke_acceptance", actor=manager, at=NOW, **REVOKED)
    assert made.state == "revoked"
    ngo.refresh_from_db()
    assert (ngo.state, ngo.grades.filter(end__isnull=True).count()) == ("member", 1)
    case = Case.objects.get(root_id=ngo.pk)
    assert "پذیرش آن باطل شد" in case.title
    assert membership.document_states(ngo, TODAY)["statute"] == "revoked"
    told = AuditEntry.objects.get(event="document.acceptance_revoked")
    assert user.pk in {draft.recipient_id for draft in notices.expand(told)}
    assert told.after["heard"] == REVOKED["heard"]
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_no_acceptance_is_revoked_before_the_ngo_was_heard(in_state: Any, manager: User) -> None:
    document = in_state("accepted")
    with pytest.raises(Refusal, match="سمن در پاسخ چه گفت"):
        DOCUMENT.apply(document, "revoke_acceptance", actor=manager, at=NOW, **NOTE)


def test_raw_sql_revokes_nothing_back(in_state: Any, raw_sql: Any) -> None:
    document = in_state("revoked")
    with pytest.raises(IntegrityError, match="refused"):
        raw_sql("UPDATE ngos_ngodocument SET state = 'accepted' WHERE id = %s", [document.pk])
