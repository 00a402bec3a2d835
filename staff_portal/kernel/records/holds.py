"""Rows of holds [توقف]: placed and lifted inside another step or by the system (X8)."""

from datetime import date

from django.db.models import QuerySet

from staff_portal.kernel.models import Hold, User
from staff_portal.kernel.people.rules import PLACE_HOLDS
from staff_portal.kernel.trail import file_kinds
from staff_portal.kernel.workflow import holds
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation
from staff_portal.kernel.workflow.table import Table
from staff_portal.kernel.workflow.transactions import file_of


def visible(user: User, on: date) -> QuerySet[Hold]:
    """Holds are seen with the record they stop; they have no list of their own."""
    return Hold.objects.none()


def _page(hold: Hold) -> str:
    return file_kinds.url_of(file_of(hold))


PLACE = Creation(
    "place",
    stores=(
        "subject_type",
        "subject_id",
        "root_type",
        "root_id",
        "reason",
        "source",
        "placed_by",
        "placed_at",
    ),
    by=PLACE_HOLDS,
    event="hold.placed",
    label="توقف",
    asks=(
        Ask.text("source", "خاستگاه", required=False),
        Ask.text("root_type", "نوع پرونده"),
        Ask.integer("root_id", "پرونده"),
    ),
    blockers=holds.without_reason,
    outcome=holds.placed,
    under_hold=True,
    follows=True,
    says="پرونده را متوقف کرد: {note}",
)
LIFT = Act(
    "lift",
    stores=("lifted_at",),
    by=PLACE_HOLDS,
    event="hold.lifted",
    label="رفع توقف",
    blockers=holds.is_lifted,
    outcome=holds.lifted,
    follows=True,
    says="توقف پرونده را برداشت",
)
HOLD = Table(
    Hold,
    code="hold",
    title="توقف",
    rows=[PLACE, LIFT],
    visible=visible,
    address=_page,
    within=file_of,
    state="",
)
guard(HOLD, "hold_kept", final="lifted_at")
