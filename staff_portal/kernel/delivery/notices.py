"""Who hears of what: for each event its audience, its one sentence and the page it leads to.

An app registers its notices when it is loaded; the relay expands an audit entry into drafts, one for each
person. Whoever did the thing is not told of it. Sentences are stored with ASCII digits like everything else.
"""

import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog

from staff_portal.kernel.models import AuditEntry, Job
from staff_portal.kernel.people import access
from staff_portal.kernel.trail import events
from staff_portal.kernel.workflow.audience import Address, people_at

log = structlog.get_logger(__name__)

TEXT_LENGTH = 400
SUBJECT_LENGTH = 120
PLACEHOLDERS = frozenset({"actor", "subject", "note", "event"})

Audience = Callable[[AuditEntry], Iterable[int | None]]
Text = str | Callable[[AuditEntry], str]
Url = Callable[[AuditEntry], str]


@dataclass(frozen=True)
class Notice:
    """What one audience hears of one event, and by which ways besides the page's own inbox."""

    event_code: str
    audience: Audience
    text: Text
    url: Url
    email: bool
    sms: bool
    subject: str


@dataclass(frozen=True)
class NoticeDraft:
    """What one person hears of one entry; ``url`` is relative to the site, empty when it leads nowhere."""

    recipient_id: int
    text: str
    url: str
    email: bool
    sms: bool


NOTICES: dict[str, list[Notice]] = {}
DUE_NOTICES: dict[str, Callable[[datetime], int]] = {}


def register(
    event_code: str,
    *,
    audience: Audience,
    text: Text,
    url: Url | None = None,
    email: bool = False,
    sms: bool = False,
    subject: str = "",
) -> Notice:
    """Tell ``audience`` (ids of users) of every entry of the event.

    ``text`` is one sentence with ``{actor}``, ``{subject}``, ``{note}``, ``{event}``, or a function of the
    entry; ``subject`` heads the e-mail (default: the event's label). Several registrations of one event may
    stand side by side; a person in two audiences hears the later one, whose app stands higher and knows more.
    Raises ``ValueError`` for an event that is not declared or not relayed, and for an unknown placeholder.
    """
    event = events.EVENTS.get(event_code)
    if event is None:
        raise ValueError(f"notice for an event that is not declared: {event_code}")
    if not event.notify:
        raise ValueError(f"notice for an event declared without notify=True: {event_code}")
    if isinstance(text, str):
        unknown = {name for _, name, _, _ in string.Formatter().parse(text) if name} - PLACEHOLDERS
        if unknown:
            raise ValueError(f"notice of {event_code} has unknown placeholders: {sorted(unknown)}")
    notice = Notice(event_code, audience, text, url or (lambda entry: ""), email, sms, subject)
    NOTICES.setdefault(event_code, []).append(notice)
    return notice


def register_due(name: str, produce: Callable[[datetime], int]) -> None:
    """Add a daily producer of warnings: ``produce(at)`` writes its audit entries and returns how many."""
    if name in DUE_NOTICES:
        raise ValueError(f"due notices registered twice: {name}")
    DUE_NOTICES[name] = produce


def produce_due(at: datetime) -> tuple[int, list[str]]:
    """Run every producer: how many warnings were written, and the names of those that failed.

    One app's producer must not keep back the others' warnings; a failure is logged. Running it twice does no harm.
    """
    made, failed = 0, []
    for name, produce in DUE_NOTICES.items():
        try:
            made += produce(at)
        except Exception:
            log.exception("due_notices_failed", name=name)
            failed.append(name)
    return made, failed


def actor_of(entry: AuditEntry) -> str:
    """The actor as people read it, with «از طرف» when the powers were another person's (K6)."""
    if entry.on_behalf_of is None:
        return entry.actor_label
    return f"{entry.actor_label} از طرف {entry.on_behalf_of.full_name}"


def expand(entry: AuditEntry) -> list[NoticeDraft]:
    """One draft for each person who is to hear of the entry, in the order of their ids."""
    drafts = _fixed(entry)
    for notice in NOTICES.get(entry.event, ()):
        people = {user_id for user_id in notice.audience(entry) if user_id and user_id != entry.actor_id}
        if not people:
            continue
        text, url = _text(notice, entry), notice.url(entry)
        for user_id in people:
            drafts[user_id] = NoticeDraft(user_id, text, url, notice.email, notice.sms)
    return [drafts[user_id] for user_id in sorted(drafts)]


def _fixed(entry: AuditEntry) -> dict[int, NoticeDraft]:
    """What the step itself fixed: its addresses turned into the people who stand behind them on that day."""
    drafts: dict[int, NoticeDraft] = {}
    message = getattr(entry, "outbox", None)
    on = access.local_date(entry.at)
    for told in message.told if message is not None else ():
        people = {pk for data in told["to"] for pk in people_at(Address.from_json(data), on)}
        for user_id in people - {entry.actor_id, *told.get("but", ())}:
            text = _shortened(told["text"], TEXT_LENGTH)
            drafts[user_id] = NoticeDraft(user_id, text, told["url"], told["mail"], told["sms"])
    return drafts


def subject_of(entry: AuditEntry) -> str:
    """One line that heads the e-mail: what happened, and to which record."""
    event = events.EVENTS.get(entry.event)
    given = next((notice.subject for notice in reversed(NOTICES.get(entry.event, [])) if notice.subject), "")
    title = given or (event.label if event else "اعلان")
    return _shortened(f"{title}: {entry.subject_label}" if entry.subject_label else title, SUBJECT_LENGTH)


def _text(notice: Notice, entry: AuditEntry) -> str:
    if callable(notice.text):
        text = notice.text(entry)
    else:
        text = notice.text.format(
            actor=actor_of(entry),
            subject=entry.subject_label,
            note=entry.note,
            event=events.EVENTS[entry.event].label,
        )
    return _shortened(text, TEXT_LENGTH)


def _shortened(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


# --- the kernel's own events ------------------------------------------------------------------------------


def _job_owner(entry: AuditEntry) -> Iterable[int]:
    return Job.objects.filter(pk=entry.subject_id).values_list("owner_id", flat=True)


def _job_url(entry: AuditEntry) -> str:
    """Where the outcome stands: ``url`` of the job's result, else of its parameters."""
    job = Job.objects.filter(pk=entry.subject_id).first()
    return str(job.result.get("url") or job.params.get("url") or "") if job else ""


register(
    events.JOB_FINISHED.code,
    audience=_job_owner,
    text="«{subject}» پایان یافت.",
    url=_job_url,
)
register(
    events.JOB_FAILED.code,
    audience=_job_owner,
    text="«{subject}» ناتمام ماند: {note}",
    url=_job_url,
    email=True,
)
