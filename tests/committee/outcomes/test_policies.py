"""M2: policy documents and their articles, each with its owner and how far it has been carried out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import ArticleState, ClauseParty, PolicyKind
from committee.models import PolicyArticle, PolicyDocument
from committee.operations import policies
from committee.workflow.policies import ARTICLE, POLICY
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.trail.timeline import sentence_of
from tests.committee.outcomes.world import NOW, World
from tests.factories.people import make_user
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell


@pytest.fixture
def document(world: World) -> PolicyDocument:
    return policies.record_policy(
        actor=world.committee.secretary,
        at=NOW,
        kind=PolicyKind.COUNCIL,
        title="مصوبه تأسیس ستاد سمن‌ها",
        number="۱۶۰/۲۴۵۶",
        dated_on=date(2020, 5, 1),
    )


@pytest.fixture
def article(world: World, document: PolicyDocument) -> PolicyArticle:
    return policies.record_article(
        document,
        actor=world.committee.hq_expert,
        at=NOW,
        code="۳",
        text="شهرداری از فعالیت داوطلبانه حمایت کند.",
        party=ClauseParty.DEPUTY,
    )


def test_a_document_is_recorded_once_with_ascii_digits(world: World, document: PolicyDocument) -> None:
    assert document.number == "160/2456"
    with pytest.raises(Refusal, match="پیش از این ثبت شده"):
        policies.record_policy(
            actor=world.committee.deputy_expert,
            at=NOW,
            kind=PolicyKind.COUNCIL,
            title="دوباره",
            number="160/2456",
        )
    assert PolicyDocument.objects.count() == 1


def test_secretary_and_both_experts_edit_nobody_else(world: World, document: PolicyDocument) -> None:
    people = world.committee
    for person in (people.hq_manager, people.hq1, people.auditor, people.ngo_user):
        with pytest.raises(NotPermitted):
            policies.record_policy(actor=person, at=NOW, kind=PolicyKind.PLAN, title="برنامه")
        with pytest.raises(NotPermitted):
            _change(document, person, kind=PolicyKind.PLAN, title="برنامه")
    changed = _change(document, people.deputy_expert, kind=PolicyKind.OTHER, title="عنوان تازه")
    assert (changed.title, changed.number) == ("عنوان تازه", "")
    entry = AuditEntry.objects.get(event="policy.changed")
    assert entry.before["title"] == "مصوبه تأسیس ستاد سمن‌ها"
    assert set(entry.after) == {"kind", "title", "number", "dated_on"}
    _change(document, people.deputy_expert, kind=PolicyKind.OTHER, title="عنوان تازه")
    assert AuditEntry.objects.filter(event="policy.changed").count() == 1


def _change(document: PolicyDocument, person: User, **asked: Any) -> PolicyDocument:
    return POLICY.apply(document, "change", actor=person, at=NOW, **asked)


def test_an_article_has_an_owner_and_begins_as_not_started(
    world: World, document: PolicyDocument, article: PolicyArticle
) -> None:
    assert (article.code, article.state, article.position) == ("3", ArticleState.NOT_STARTED, 1)
    with pytest.raises(Refusal, match="همین سند"):
        policies.record_article(
            document, actor=world.committee.hq_expert, at=NOW, code="3", text="دوباره", party=ClauseParty.HQ
        )
    changed = ARTICLE.apply(
        article,
        "change",
        actor=world.committee.hq_expert,
        at=NOW,
        code="۴",
        text="متن",
        party=ClauseParty.BOTH,
    )
    assert (changed.code, changed.party) == ("4", ClauseParty.BOTH)


def test_its_state_changes_with_a_note_and_keeps_since_when(world: World, article: PolicyArticle) -> None:
    later, people = NOW + timedelta(days=5), world.committee
    with pytest.raises(Refusal, match="شرح وضعیت"):
        policies.set_article_state(
            article, actor=people.secretary, at=later, state=ArticleState.UNDER_WAY, note=" "
        )
    with pytest.raises(NotPermitted):
        policies.set_article_state(
            article, actor=people.auditor, at=later, state=ArticleState.DONE, note="شد"
        )
    changed = policies.set_article_state(
        article, actor=people.secretary, at=later, state=ArticleState.UNDER_WAY, note="کارگروه تشکیل شد"
    )
    assert (changed.state_since, changed.state_note) == (later, "کارگروه تشکیل شد")
    with pytest.raises(Refusal, match="چیزی تغییر نکرد"):
        policies.set_article_state(
            article, actor=people.secretary, at=later, state=ArticleState.UNDER_WAY, note="کارگروه تشکیل شد"
        )
    entry = AuditEntry.objects.get(event="policy.article_changed")
    assert entry.root_type == "committee.policydocument"
    assert sentence_of(entry).sentence.endswith(": در حال اجرا. کارگروه تشکیل شد")
    with pytest.raises(Refusal, match="حداکثر 400"):
        policies.set_article_state(
            article, actor=people.secretary, at=later, state=ArticleState.DONE, note="ش" * 401
        )


def test_the_pages_record_edit_and_refuse(world: World, client: Any) -> None:
    people = world.committee
    new = reverse("committee:policy_new")
    client.force_login(people.hq_manager)
    assert client.get(new).status_code == 403
    client.force_login(people.hq_expert)
    assert client.post(new, {"kind": "plan", "title": ""}).status_code == 422
    assert (
        client.post(new, {"kind": "plan", "title": "برنامه پنج‌ساله دوم", "dated_on": "۱۴۰۲/۱/۱"}).status_code
        == 302
    )
    document = PolicyDocument.objects.get()
    add = reverse("committee:article_new", args=[document.pk])
    body = {"code": "۷", "text": "از سمن‌ها حمایت شود.", "party": "deputy", "unit": ""}
    assert client.post(add, body | {"text": ""}).status_code == 422
    assert client.post(add, body).status_code == 302
    assert client.post(add, body).status_code == 409
    row = document.articles.get()
    edit = reverse("committee:article_edit", args=[document.pk, row.pk])
    assert 'value="۷"' in client.get(edit).content.decode()
    assert client.post(edit, body | {"text": "متن تازه"}).status_code == 302
    state = reverse("committee:article_state", args=[document.pk, row.pk])
    assert client.post(state, {"state": "done", "note": ""}).status_code == 422
    assert client.post(state, {"state": "done", "note": "آیین‌نامه ابلاغ شد"}).status_code == 302
    assert (
        client.post(
            reverse("committee:policy_edit", args=[document.pk]), {"kind": "plan", "title": "برنامه دوم"}
        ).status_code
        == 302
    )
    page = client.get(document.get_absolute_url()).content.decode()
    assert "متن تازه" in page and "آیین‌نامه ابلاغ شد" in page and "برنامه دوم" in page


def test_the_committees_readers_read_and_others_do_not(
    world: World, document: PolicyDocument, client: Any
) -> None:
    people = world.committee
    listed = reverse("committee:policy_list")
    for person in (people.hq1, people.ngo_member, people.auditor, people.deputy_manager):
        client.force_login(person)
        assert client.get(listed).status_code == 200
        assert client.get(document.get_absolute_url()).status_code == 200
        assert client.get(reverse("committee:policy_edit", args=[document.pk])).status_code == 403
    for role in (Role.NGO_USER, Role.UNIT_EXPERT, Role.ADMIN):
        client.force_login(make_user(role))
        assert client.get(listed).status_code == 403
        assert client.get(document.get_absolute_url()).status_code == 403


def test_motions_that_cite_an_article_stand_under_it(
    world: World, document: PolicyDocument, article: PolicyArticle, client: Any
) -> None:
    motion = world.motion(articles=[article])
    client.force_login(world.committee.auditor)
    page = client.get(document.get_absolute_url()).content.decode()
    assert "پیشنهادهای مرتبط (۱)" in page
    assert motion.get_absolute_url() in page


# --- the tables and the database ---------------------------------------------------------------------------

EDITORS = {Role.SECRETARY, Role.HQ_EXPERT, Role.DEPUTY_EXPERT}
STATES = set(ArticleState.values)
ROWS_OF_A_DOCUMENT = {"record": line(EDITORS, [], []), "change": line(EDITORS, [], [])}
ROWS_OF_AN_ARTICLE = {
    "record": line(EDITORS, [], {"not_started"}),
    "change": line(EDITORS, STATES, STATES),
    "set_state": line(EDITORS, STATES, STATES),
}
ANSWERS = {
    "change": {"code": "۹", "text": "متن دیگر", "party": ClauseParty.HQ},
    "set_state": {"state": ArticleState.DONE, "note": "به پایان رسید"},
}


def test_the_tables_are_as_the_design_has_them() -> None:
    assert_as_written(POLICY, ROWS_OF_A_DOCUMENT)
    assert_as_written(ARTICLE, ROWS_OF_AN_ARTICLE)


@pytest.mark.parametrize(("state", "name"), cells(ARTICLE, ROWS_OF_AN_ARTICLE))
def test_every_cell_of_an_article(world: World, article: PolicyArticle, state: str, name: Names) -> None:
    def record(wanted: str) -> PolicyArticle:
        if wanted == ArticleState.NOT_STARTED:
            return article
        who = world.committee.secretary
        return policies.set_article_state(article, actor=who, at=NOW, state=wanted, note="پیش از این")

    people = {role: make_user(role) for role in Role.values}
    trial = Trial(record, people, lambda row: NOW, ANSWERS)
    try_cell(ARTICLE, ROWS_OF_AN_ARTICLE, state, name, trial)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE committee_policydocument SET recorded_by_id = NULL",
        "UPDATE committee_policydocument SET recorded_at = now()",
        "UPDATE committee_policyarticle SET position = 9",
        "UPDATE committee_policyarticle SET state_since = now()",
        "UPDATE committee_policyarticle SET document_id = 0",
        """INSERT INTO committee_policyarticle (document_id, code, position, text, party, state, state_since, state_note)
        SELECT document_id, 'x', 9, 'x', 'hq', 'done', now(), '' FROM committee_policyarticle""",
    ],
)
@pytest.mark.usefixtures("article")
def test_sql_changes_nothing_that_no_row_stores(raw_sql: Any, statement: str) -> None:
    with pytest.raises(IntegrityError) as error:
        raw_sql(statement)
    assert constraints.constraint_name(error.value) == "policy_kept"
