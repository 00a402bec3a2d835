"""Rows of policy documents and their articles (M2)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from committee import rules
from committee.enums import ArticleState as S
from committee.models import PolicyArticle, PolicyDocument
from committee.operations import policies
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition
from staff_portal.kernel.workflow.table import Table

NOT_FOR_YOU = "اسناد بالادستی کمیته برای نقش شما باز نیست."
DATA = ("kind", "title", "number", "dated_on", "note")
ARTICLE_DATA = ("code", "text", "party", "unit")


def visible(user: User, on: date) -> QuerySet[PolicyDocument]:
    """The documents a person may see; a refusal for whom they are closed altogether."""
    if not rules.reads_committee(user, on):
        raise NotPermitted(NOT_FOR_YOU)
    return PolicyDocument.objects.filter(rules.policies_visible_to(user, on))


def visible_articles(user: User, on: date) -> QuerySet[PolicyArticle]:
    """The articles of those documents."""
    return PolicyArticle.objects.filter(document__in=visible(user, on).values("pk"))


def _now(name: str) -> Callable[[Any, date], Any]:
    """The question is filled in with what is stored."""
    return lambda obj, on: getattr(obj, name) if obj is not None else None


def _digits(name: str) -> Callable[[Any, date], str]:
    return lambda obj, on: to_persian_digits(getattr(obj, name)) if obj is not None else ""


def _data(*, is_new: bool) -> tuple[Ask, ...]:
    def first(found: Callable[[Any, date], Any]) -> Callable[[Any, date], Any] | None:
        return None if is_new else found

    return (
        Ask.choice("kind", "نوع", policies.kinds, initial=first(_now("kind"))),
        Ask.text("title", "عنوان", length=200, initial=first(_now("title"))),
        Ask.text("number", "شماره", length=60, required=False, initial=first(_digits("number"))),
        Ask.date("dated_on", "تاریخ", required=False, initial=first(_now("dated_on"))),
        Ask.long("remarks", "شرح", length=4000, required=False, initial=first(_now("note"))),
    )


def _article_data(*, is_new: bool) -> tuple[Ask, ...]:
    def first(found: Callable[[Any, date], Any]) -> Callable[[Any, date], Any] | None:
        return None if is_new else found

    return (
        Ask.text("code", "شماره ماده", length=20, initial=first(_digits("code"))),
        Ask.long("text", "متن", initial=first(_now("text"))),
        Ask.choice("party", "عهده‌دار", policies.parties, initial=first(_now("party"))),
        Ask.record(
            "unit",
            "واحد",
            policies.units,
            required=False,
            help="اگر واحد معینی از معاونت عهده‌دار است.",
            initial=first(_now("unit")),
        ),
    )


RECORD = Creation(
    "record",
    stores=(*DATA, "recorded_by", "recorded_at"),
    by=rules.EDIT_POLICY,
    event="policy.recorded",
    event_label="ثبت سند بالادستی",
    label="سند تازه",
    asks=_data(is_new=True),
    outcome=policies.new_document,
    says="«{subject}» را ثبت کرد",
    done="سند ثبت شد؛ اکنون مواد آن را بیفزایید.",
)
CHANGE = Act(
    "change",
    stores=DATA,
    by=rules.EDIT_POLICY,
    event="policy.changed",
    event_label="ویرایش سند بالادستی",
    label="ویرایش سند",
    asks=_data(is_new=False),
    outcome=policies.document_data,
    edits=True,
    page="committee:policy_edit",
    says="«{subject}» را ویرایش کرد",
    done="سند ذخیره شد.",
)
POLICY = Table(
    PolicyDocument,
    code="policy",
    title="سند بالادستی",
    rows=[RECORD, CHANGE],
    visible=visible,
    address=PolicyDocument.get_absolute_url,
    state="",
)
guard(POLICY, "policy_kept")

RECORD_ARTICLE = Creation(
    "record",
    targets=(S.NOT_STARTED,),
    stores=(*ARTICLE_DATA, "document", "position"),
    by=rules.EDIT_POLICY,
    event="policy.article_recorded",
    event_label="ثبت ماده",
    label="ماده تازه",
    asks=_article_data(is_new=True),
    outcome=policies.new_article,
    named=policies.article_label,
    says="{subject} را ثبت کرد",
    done="ماده {code} ثبت شد.",
)
CHANGE_ARTICLE = Act(
    "change",
    sources=tuple(S),
    stores=ARTICLE_DATA,
    by=rules.EDIT_POLICY,
    event="policy.article_edited",
    event_label="ویرایش ماده",
    label="ویرایش ماده",
    asks=_article_data(is_new=False),
    outcome=policies.article_data,
    edits=True,
    page="committee:article_edit",
    named=policies.article_label,
    says="{subject} را ویرایش کرد",
    done="ماده ذخیره شد.",
)
SET_STATE = Transition(
    "set_state",
    sources=tuple(S),
    targets=tuple(S),
    stores=("state_note",),
    by=rules.EDIT_POLICY,
    event="policy.article_changed",
    event_label="تغییر وضعیت ماده",
    label="ثبت وضعیت",
    note="شرح وضعیت",
    asks=(
        Ask.choice(
            "state",
            "وضعیت",
            policies.states,
            initial=_now("state"),
            help="در شرح بنویسید چه انجام شده و چه مانده است.",
        ),
    ),
    about=policies.facts_of_state,
    blockers=policies.against_state,
    outcome=policies.new_state,
    effect=policies.told_of_state,
    page="committee:article_state",
    named=policies.article_label,
    says="وضعیت {subject} را تغییر داد: {told}{note}",
    done="وضعیت ماده ثبت شد.",
)
ARTICLE = Table(
    PolicyArticle,
    code="policy_article",
    title="ماده سند بالادستی",
    rows=[RECORD_ARTICLE, CHANGE_ARTICLE, SET_STATE],
    visible=visible_articles,
    address=lambda article: article.document.get_absolute_url(),
    url_args=lambda article: [article.document_id, article.pk],
    within="document",
    reads=("document", "unit"),
    rests=tuple(S),
)
guard(ARTICLE, "policy_kept")
