"""Rows of signed letters: revoked or replaced, their number in the office system kept (K2, K3).

The letter itself is written once, inside the step that it states (K1).
"""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from staff_portal.kernel import paper_rules
from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.operations import letters
from staff_portal.kernel.operations.steps import file_of
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act
from staff_portal.kernel.workflow.table import Table


def visible(user: User, on: date) -> QuerySet[Letter]:
    """The letters a person may see."""
    return Letter.objects.filter(paper_rules.letters_visible_to(user, on))


REVOKE = Act(
    "revoke",
    by=paper_rules.REVOKE_LETTER,
    event="letter.revoked",
    label="ابطال نامه",
    note="سبب ابطال",
    blockers=letters.against_ending,
    effect=letters.voided,
    named=letters.name_of,
    under_hold=True,
    says="نامه {subject} را باطل کرد: {note}",
    done="نامه باطل شد.",
    tone="danger",
)
VOID = Act(
    "void",
    by=paper_rules.REVOKE_LETTER,
    event="letter.revoked",
    label="ابطال نامه در پی گامی دیگر",
    blockers=letters.against_voiding,
    effect=letters.voided,
    named=letters.name_of,
    under_hold=True,
    follows=True,
    says="نامه {subject} را باطل کرد: {note}",
)
REPLACE = Act(
    "replace",
    by=paper_rules.REVOKE_LETTER,
    event="letter.replaced",
    label="جایگزینی نامه",
    asks=(Ask("replacement", "نامه تازه", "record"),),
    blockers=letters.against_ending,
    effect=letters.replaced,
    named=letters.name_of,
    under_hold=True,
    follows=True,
    says="نامه {subject} را جایگزین کرد",
)
ANNOTATE = Act(
    "annotate",
    by=paper_rules.ANNOTATE_LETTER,
    event="letter.annotated",
    label="ثبت در اتوماسیون اداری",
    asks=(
        Ask.text("office_number", "شماره نامه در اتوماسیون اداری", length=60),
        Ask.date("office_dated_on", "تاریخ اتوماسیون"),
        Ask.file("scan", "تصویر نسخه مهرشده", required=False),
    ),
    blockers=letters.is_ahead,
    effect=letters.annotated,
    named=letters.name_of,
    under_hold=True,
    says="شماره اتوماسیون نامه {subject} را ثبت کرد",
    done="شماره اتوماسیون ثبت شد.",
)
LETTER = Table(
    Letter,
    code="letter",
    title="نامه",
    rows=[REVOKE, VOID, REPLACE, ANNOTATE],
    visible=visible,
    address=lambda letter: reverse("letter_detail", args=[letter.pk]),
    within=file_of,
    state="",
    reads=("number",),
)
