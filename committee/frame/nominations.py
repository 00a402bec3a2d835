"""What nominations put into the frame: the rail, seats that call for a round, search, their files."""

from collections.abc import Iterable
from datetime import datetime

from committee import rules
from committee.models import NominationRound, Nominee
from committee.workflow.nominations import visible_rounds
from committee.workflow.nominees import TASK
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.frame.contributions import SearchHit
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.trail import file_kinds


def found(user: User, at: datetime, query: str, limit: int) -> Iterable[SearchHit]:
    """Rounds by the name of a nominee. Two queries."""
    on = access.local_date(at)
    words = search_fold(query).split()
    if not words or not rules.reads_committee(user, on):
        return
    nominees = Nominee.objects.all()
    for word in words:
        nominees = nominees.filter(ngo__search_text__contains=word)
    for nominee in nominees.select_related("round", "ngo").order_by("-id")[:limit]:
        nomination = nominee.round
        day = format_jalali(nomination.state_since, "medium")
        detail = f"{nomination}، {nomination.get_state_display()} از {day}"
        yield SearchHit("نامزدهای کرسی سمن‌ها", nominee.ngo.name, detail, nomination.get_absolute_url())


contributions.add_nav(
    "کمیته مشترک",
    "معرفی نامزد",
    "committee:nomination_list",
    rules.COMMITTEE_READERS,
    when=rules.reads_committee,
    order=240,
    task_kind=TASK,
)
contributions.label_tasks(TASK, "معرفی نامزد")
contributions.REGISTRY.search.append(found)
file_kinds.register(NominationRound, visible=visible_rounds, url=lambda row: row.get_absolute_url())
