"""Rows of a framework: built as a draft, published, retired; a change is a new version (N6)."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from ngos import rules
from ngos.enums import FrameworkState as F
from ngos.grading import FrameworkSpec
from ngos.models import Framework
from ngos.operations import frameworks
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition
from staff_portal.kernel.workflow.table import Table

CHANGED, RETIRED = "framework.changed", "framework.retired"
TOLD = "{actor} «{subject}» را منتشر کرد؛ ظرفیت‌سنجی‌های تازه با آن انجام می‌شود."


def visible_frameworks(user: User, on: date) -> QuerySet[Framework]:
    """The versions a person may see."""
    return Framework.objects.filter(rules.frameworks_visible_to(user, on))


CREATE = Creation(
    "create",
    targets=(F.DRAFT,),
    stores=("version", "title", "threshold", "gate_minimum", "created_by", "created_at"),
    by=rules.EDIT_FRAMEWORK,
    event="framework.created",
    event_label="ساخت چارچوب",
    label="ساخت پیش‌نویس",
    asks=(
        Ask.text("title", "عنوان", length=160, required=False),
        Ask.given("spec", "ابعاد، شاخص‌ها و سطح‌ها", FrameworkSpec),
    ),
    outcome=frameworks.next_version,
    effect=frameworks.fill,
    says="«{subject}» را ساخت",
    done="پیش‌نویس «{subject}» ساخته شد.",
)
CHANGE_WEIGHTS = Act(
    "change_weights",
    sources=(F.DRAFT,),
    by=rules.EDIT_FRAMEWORK,
    event=CHANGED,
    event_label="ویرایش چارچوب",
    label="ویرایش وزن‌ها و کف‌ها",
    asks=(Ask.given("weights", "وزن‌ها و کف‌ها", frameworks.Weights),),
    blockers=frameworks.wrong_weights,
    effect=frameworks.weigh,
    says="«{subject}» را ویرایش کرد",
    done="وزن‌ها و کف‌ها ذخیره شد.",
)
CHANGE_INDICATOR = Act(
    "change_indicator",
    sources=(F.DRAFT,),
    by=rules.EDIT_FRAMEWORK,
    event=CHANGED,
    event_label="ویرایش چارچوب",
    label="ویرایش شاخص",
    asks=(Ask.given("words", "متن شاخص", frameworks.IndicatorWords),),
    blockers=frameworks.wrong_words,
    effect=frameworks.reword,
    says="«{subject}» را ویرایش کرد",
)
PUBLISH = Transition(
    "publish",
    sources=(F.DRAFT,),
    targets=(F.PUBLISHED,),
    stores=("published_at",),
    by=rules.PUBLISH_FRAMEWORK,
    event="framework.published",
    event_label="انتشار چارچوب",
    label="انتشار",
    confirm="چارچوب منتشرشده دیگر تغییر نمی‌کند و جای چارچوب کنونی را می‌گیرد؛ سطح‌های پیشین پابرجا می‌مانند.",
    locks=frameworks.lock_published,
    blockers=frameworks.publication_gaps,
    outcome=frameworks.published,
    effect=frameworks.replaced,
    says="«{subject}» را منتشر کرد",
    shade="ok",
    tone="main",
    tell=(To.role(Role.HQ_EXPERT, TOLD), To.role(Role.HQ_ASSESSOR, TOLD)),
)
RETIRE = Transition(
    "retire",
    sources=(F.PUBLISHED,),
    targets=(F.RETIRED,),
    by=rules.PUBLISH_FRAMEWORK,
    event=RETIRED,
    event_label="کنارگذاشتن چارچوب",
    label="کنارگذاشتن",
    confirm="تا انتشار چارچوب تازه، ظرفیت‌سنجی تازه‌ای برنامه‌ریزی نمی‌شود.",
    says="«{subject}» را کنار گذاشت",
    tone="danger",
)
GIVE_WAY = Transition(
    "give_way",
    sources=(F.PUBLISHED,),
    targets=(F.RETIRED,),
    by=rules.PUBLISH_FRAMEWORK,
    follows=True,
    event=RETIRED,
    event_label="کنارگذاشتن چارچوب",
    label="کنارگذاشتن با انتشار نسخه تازه",
    says="«{subject}» را کنار گذاشت",
)
FRAMEWORK = Table(
    Framework,
    code="framework",
    title="چارچوب ارزیابی",
    rows=[CREATE, CHANGE_WEIGHTS, CHANGE_INDICATOR, PUBLISH, RETIRE, GIVE_WAY],
    visible=visible_frameworks,
    address=lambda framework: reverse("ngos:framework_detail", args=[framework.pk]),
    do="ngos:framework_do",
    rests=(F.DRAFT, F.PUBLISHED),
)
guard(FRAMEWORK, "n6_framework_frozen")
