"""Rows of letters: signed once, inside the step that they state (K1), revoked or replaced, their number in the office
system kept (K2, K3)."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from staff_portal.kernel.letters import issuing, letter_rules
from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.workflow.guards import guard_removal
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation
from staff_portal.kernel.workflow.table import Table
from staff_portal.kernel.workflow.transactions import file_of


def visible(user: User, on: date) -> QuerySet[Letter]:
    """The letters a person may see."""
    return Letter.objects.filter(letter_rules.letters_visible_to(user, on))


WRITTEN = tuple(column.name for column in Letter._meta.concrete_fields if not column.primary_key)
SIGN = Creation(
    "sign",
    stores=WRITTEN,
    untold=WRITTEN,
    by=letter_rules.SIGN_LETTER,
    event="letter.signed",
    label="امضای نامه",
    asks=(Ask.given("draft", "نامه", issuing.LetterDraft),),
    outcome=issuing.signed,
    effect=issuing.render_soon,
    named=issuing.signed_name,
    under_hold=True,
    follows=True,
    unlocked=True,
    says="نامه {subject} را امضا کرد",
)
REVOKE = Act(
    "revoke",
    by=letter_rules.REVOKE_LETTER,
    event="letter.revoked",
    label="ابطال نامه",
    note="سبب ابطال",
    blockers=issuing.against_ending,
    effect=issuing.voided,
    named=issuing.name_of,
    under_hold=True,
    says="نامه {subject} را باطل کرد: {note}",
    done="نامه باطل شد.",
    tone="danger",
)
VOID = Act(
    "void",
    by=letter_rules.REVOKE_LETTER,
    event="letter.revoked",
    label="ابطال نامه در پی گامی دیگر",
    blockers=issuing.against_voiding,
    effect=issuing.voided,
    named=issuing.name_of,
    under_hold=True,
    follows=True,
    says="نامه {subject} را باطل کرد: {note}",
)
REPLACE = Act(
    "replace",
    by=letter_rules.REVOKE_LETTER,
    event="letter.replaced",
    label="جایگزینی نامه",
    asks=(Ask("replacement", "نامه تازه", "record"),),
    blockers=issuing.against_ending,
    effect=issuing.replaced,
    named=issuing.name_of,
    under_hold=True,
    follows=True,
    says="نامه {subject} را جایگزین کرد",
)
ANNOTATE = Act(
    "annotate",
    by=letter_rules.ANNOTATE_LETTER,
    event="letter.annotated",
    label="ثبت در اتوماسیون اداری",
    asks=(
        Ask.text("office_number", "شماره نامه در اتوماسیون اداری", length=60),
        Ask.date("office_dated_on", "تاریخ اتوماسیون"),
        Ask.file("scan", "تصویر نسخه مهرشده", required=False),
    ),
    blockers=issuing.is_ahead,
    effect=issuing.annotated,
    named=issuing.name_of,
    under_hold=True,
    says="شماره اتوماسیون نامه {subject} را ثبت کرد",
    done="شماره اتوماسیون ثبت شد.",
)
LETTER = Table(
    Letter,
    code="letter",
    title="نامه",
    rows=[SIGN, REVOKE, VOID, REPLACE, ANNOTATE],
    visible=visible,
    address=lambda letter: reverse("letter_detail", args=[letter.pk]),
    within=file_of,
    state="",
    reads=("number",),
)
guard_removal(LETTER, "k1_letter_append_only")
