"""What motions put into the frame: the rail, a new motion, search, the file. What waits are their work items."""

from collections.abc import Iterable
from datetime import datetime

from committee import rules
from committee.models import Motion
from committee.workflow.motions import visible_motions
from committee.workflow.votes import TASK
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.frame.contributions import SearchHit
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.trail import file_kinds


def found(user: User, at: datetime, query: str, limit: int) -> Iterable[SearchHit]:
    """Motions by number, title and words of the text. One query."""
    on = access.local_date(at)
    words = search_fold(query).split()
    if not words or not rules.reads_committee(user, on):
        return
    rows = visible_motions(user, on)
    for word in words:
        rows = rows.filter(search_text__contains=word)
    for row in rows.order_by("-id")[:limit]:
        detail = f"پیشنهاد {to_persian_digits(row.number)}، {row.get_state_display()}"
        yield SearchHit("پیشنهادهای کمیته", row.title, detail, row.get_absolute_url())


contributions.add_nav(
    "کمیته مشترک",
    "پیشنهادها و رأی‌گیری",
    "committee:motion_list",
    rules.COMMITTEE_READERS,
    when=rules.reads_committee,
    order=230,
    task_kind=TASK,
)
contributions.add_action(
    "پیشنهاد تازه به کمیته",
    "committee:motion_new",
    [*rules.MEMBERS, Role.SECRETARY],
    icon="edit",
    hint="می‌توانید پیشنهادی برای کمیته بنویسید.",
    when=rules.reads_committee,
    order=60,
)
contributions.REGISTRY.search.append(found)
file_kinds.register(Motion, visible=visible_motions, url=lambda row: row.get_absolute_url())
