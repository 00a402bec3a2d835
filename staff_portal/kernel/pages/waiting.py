"""How waiting work is drawn: since when, from whom, until when, and how urgent in words and tone."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model

from staff_portal.kernel.models import User
from staff_portal.kernel.pages import desk
from staff_portal.kernel.pages.desk import SOON, Holder, Sent, Task
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.persian.numbers import format_thousands


@dataclass(frozen=True)
class Waiting:
    """One line as the component ``tasks`` draws it: what, where, from whom or with whom, since and until when."""

    title: str
    url: str = ""
    detail: str = ""
    who: str = ""
    since: str = ""
    until: str = ""
    due: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Folded:
    """Many of one kind in one line that opens: the first of them, and where all stand."""

    title: str
    lines: list[Waiting]
    since: str = ""
    until: str = ""
    due: str = ""
    tone: str = "neutral"
    all_url: str = ""
    all_label: str = ""


def tone_of(due_on: date | None, on: date) -> str:
    """Red when overdue, saffron within three days, calm later."""
    if due_on is None:
        return "neutral"
    return "no" if due_on < on else "wait" if due_on <= on + SOON else "go"


def since_words(since: datetime | None, on: date) -> str:
    """«منتظر از ۳ آذر ۱۴۰۵، ۵ روز»; of today or yesterday without a count."""
    if since is None:
        return ""
    day = local_date(since)
    days = (on - day).days
    if days <= 0:
        return "از امروز"
    if days == 1:
        return "از دیروز"
    return f"از {format_jalali(day, 'medium')}، {to_persian_digits(days)} روز"


def waiting(task: Task, on: date) -> Waiting:
    """A task for the one who does it."""
    title = f"{task.title} ({format_thousands(task.many)} مورد)" if task.many > 1 else task.title
    return Waiting(
        title,
        task.url,
        task.detail,
        f"فرستنده: {task.sender}" if task.sender else "",
        since_words(task.since, on),
        *_due(task.due_on, on),
    )


def sent(item: Sent, on: date) -> Waiting:
    """What was sent on, for the one who awaits it."""
    return Waiting(
        item.title, item.url, "", f"نزد {item.holder}", since_words(item.since, on), *_due(item.due_on, on)
    )


def holder(item: Holder, on: date) -> Waiting:
    """Who has a file, for its page."""
    return Waiting(
        f"نزد {item.who}", item.url, item.what, "", since_words(item.since, on), *_due(item.due_on, on)
    )


def folded(title: str, tasks: list[Task], on: date, *, most: int, all_url: str) -> Folded:
    """Many tasks as one line: the longest wait, the nearest day, the first few beneath."""
    since = min((task.since for task in tasks if task.since), default=None)
    due_on = min((task.due_on for task in tasks if task.due_on), default=None)
    more = len(tasks) > most or any(task.many > 1 for task in tasks)
    return Folded(
        title,
        [waiting(task, on) for task in tasks if task.many == 1][:most],
        since_words(since, on),
        *_due(due_on, on),
        all_url=all_url if more else "",
        all_label=f"همه {title}",
    )


def _due(due_on: date | None, on: date) -> tuple[str, str, str]:
    if due_on is None:
        return "", "", "neutral"
    return f"مهلت {format_jalali(due_on, 'medium')}", relative_days(due_on, on), tone_of(due_on, on)


def in_hands(root: Model, reader: User, on: date, *, inside: bool = True) -> list[Waiting]:
    """Who has the file now, for the card beside its page."""
    return [holder(item, on) for item in desk.holders(root, reader, on, inside=inside)]
