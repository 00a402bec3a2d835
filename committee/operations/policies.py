"""Policy documents and their articles: who owns each and how far it has been carried out (M2)."""

from datetime import date, datetime

from committee import events, rules
from committee.enums import ArticleState, ClauseParty, PolicyKind
from committee.models import PolicyArticle, PolicyDocument
from staff_portal.kernel import audit
from staff_portal.kernel.models import Unit, User
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits
from staff_portal.kernel.refusals import Refusal

TITLE = "عنوان سند را بنویسید."
TEXT = "متن ماده را بنویسید."
CODE = "شماره ماده را بنویسید."


def record_policy(
    *,
    actor: User,
    at: datetime,
    kind: str,
    title: str,
    number: str = "",
    dated_on: date | None = None,
    note: str = "",
) -> PolicyDocument:
    """Record a document that the committee carries out: a resolution of the Council, the five-year plan (M2)."""
    with one_step():
        authority = require(rules.EDIT_POLICY, actor, None, at)
        document = PolicyDocument.objects.create(
            kind=PolicyKind(kind),
            title=require_text(title, TITLE),
            number=to_ascii_digits(number).strip(),
            dated_on=dated_on,
            note=note.strip(),
            recorded_by=actor,
            recorded_at=at,
        )
        audit.record(
            events.POLICY_RECORDED,
            document,
            actor=actor,
            at=at,
            authority=authority,
            after=audit.snapshot(document),
        )
    return document


def change_policy(
    document: PolicyDocument,
    *,
    actor: User,
    at: datetime,
    kind: str,
    title: str,
    number: str = "",
    dated_on: date | None = None,
    note: str = "",
) -> PolicyDocument:
    """Correct the data of a document; its articles stay."""
    with one_step():
        locked = PolicyDocument.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
        authority = require(rules.EDIT_POLICY, actor, locked, at)
        was = audit.snapshot(locked)
        locked.kind, locked.title = PolicyKind(kind), require_text(title, TITLE)
        locked.number, locked.dated_on = to_ascii_digits(number).strip(), dated_on
        locked.note = note.strip()
        before, after = audit.difference(was, audit.snapshot(locked))
        if not after:
            return locked
        locked.save()
        audit.record(
            events.POLICY_CHANGED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before=before,
            after=after,
        )
    return locked


def record_article(
    document: PolicyDocument,
    *,
    actor: User,
    at: datetime,
    code: str,
    text: str,
    party: str,
    unit: Unit | None = None,
) -> PolicyArticle:
    """Add an article with its owner; it begins as not started (M2)."""
    with one_step():
        locked = PolicyDocument.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
        authority = require(rules.EDIT_POLICY, actor, locked, at)
        article = PolicyArticle.objects.create(
            document=locked,
            code=require_text(to_ascii_digits(code), CODE),
            position=locked.articles.count() + 1,
            text=require_text(text, TEXT),
            party=ClauseParty(party),
            unit=unit,
            state_since=at,
        )
        audit.record(
            events.ARTICLE_RECORDED,
            article,
            actor=actor,
            at=at,
            authority=authority,
            after=audit.snapshot(article, ["code", "text", "party", "unit", "state"]),
            root=locked,
            label=article_label(article),
        )
    return article


def change_article(
    article: PolicyArticle,
    *,
    actor: User,
    at: datetime,
    code: str,
    text: str,
    party: str,
    unit: Unit | None = None,
) -> PolicyArticle:
    """Correct the text or the owner of an article."""
    with one_step():
        locked = _locked(article)
        authority = require(rules.EDIT_POLICY, actor, locked, at)
        was = audit.snapshot(locked)
        locked.code, locked.text = require_text(to_ascii_digits(code), CODE), require_text(text, TEXT)
        locked.party, locked.unit = ClauseParty(party), unit
        before, after = audit.difference(was, audit.snapshot(locked))
        if not after:
            return locked
        locked.save(update_fields=["code", "text", "party", "unit"])
        audit.record(
            events.ARTICLE_EDITED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before=before,
            after=after,
            root=locked.document,
            label=article_label(locked),
        )
    return locked


def set_article_state(
    article: PolicyArticle, *, actor: User, at: datetime, state: str, note: str
) -> PolicyArticle:
    """Say how far the article has been carried out, since now, and why (M2)."""
    with one_step():
        locked = _locked(article)
        authority = require(rules.EDIT_POLICY, actor, locked, at)
        wanted, why = ArticleState(state), require_text(note, "شرح وضعیت را بنویسید.")
        if (locked.state, locked.state_note) == (wanted, why):
            raise Refusal("وضعیت ماده همین است؛ چیزی تغییر نکرد.")
        before = audit.snapshot(locked, ["state", "state_note"])
        if locked.state != wanted:
            locked.state_since = at
        locked.state, locked.state_note = wanted, why[:400]
        locked.save(update_fields=["state", "state_note", "state_since"])
        audit.record(
            events.ARTICLE_CHANGED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before=before,
            after=audit.snapshot(locked, ["state", "state_note"]),
            note=f"{wanted.label}. {why}",
            root=locked.document,
            label=article_label(locked),
        )
    return locked


def _locked(article: PolicyArticle) -> PolicyArticle:
    PolicyDocument.objects.select_for_update(of=("self",), no_key=True).get(pk=article.document_id)
    return (
        PolicyArticle.objects.select_for_update(of=("self",), no_key=True)
        .select_related("document")
        .get(pk=article.pk)
    )


def article_label(article: PolicyArticle) -> str:
    """How an article is named in the timeline of its document."""
    return f"ماده {to_persian_digits(article.code)}"
