"""The audit trail for the auditor and HQ's manager: every write and every refused attempt, as sentences (K4)."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from staff_portal.kernel.letters import letter_rules
from staff_portal.kernel.models import AuditEntry, LedgerCheckpoint, LedgerLink, User
from staff_portal.kernel.pages.letter_forms import AuditFilterForm
from staff_portal.kernel.pages.requests import guard, person, today
from staff_portal.kernel.pages.tables import EXPORT_LIMIT, Column, workbook_response
from staff_portal.kernel.people.access import SYSTEM_LABEL
from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits, to_persian_text
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.trail import events, file_kinds
from staff_portal.kernel.trail.timeline import TimelineLine, readable, sentence_of
from staff_portal.kernel.views.audit_display import changes_of, changes_text, subject_kind

PAGE_SIZE = 50

COLUMNS = (
    Column("at", "زمان", lambda row: format_jalali(row.at, "moment"), width=24),
    Column("actor", "انجام‌دهنده", lambda row: row.actor_label, width=22),
    Column("role", "در نقش", lambda row: _role(sentence_of(row)), width=24),
    Column("sentence", "آنچه شد", lambda row: to_persian_text(sentence_of(row).sentence), width=60),
    Column("note", "توضیح", lambda row: to_persian_text(row.note), width=40),
    Column("kind", "گونه پرونده", lambda row: subject_kind(row.root_type), width=18),
    Column("subject", "درباره", lambda row: to_persian_text(row.subject_label), width=36),
    Column("changes", "پیش و پس", lambda row: changes_text(row), width=60),
    Column("event", "کد رویداد", lambda row: row.event, width=24),
    Column("id", "شماره رویداد", lambda row: row.pk, numeric=True, width=12),
)


@require_GET
def audit_log(request: HttpRequest) -> HttpResponse:
    """Entries, newest first, fifty a page by keyset; each filter goes by an index. The query count is constant."""
    guard(letter_rules.VIEW_AUDIT, request)
    form = AuditFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = readable(_filtered(request, wanted), person(request), today(request))
    if request.GET.get("format") == "xlsx":
        return workbook_response(COLUMNS, rows.order_by("-id")[:EXPORT_LIMIT], "دفتر رویدادها", "audit")
    entries, older, newer = _page(request, rows)
    context = {
        "page_title": "دفتر رویدادها",
        "page_subtitle": "هر نوشتن و هر تلاش ردشده، با زنجیره‌ای که دست‌کاری را آشکار می‌کند.",
        "crumbs": [{"label": "دفتر رویدادها"}],
        "form": form,
        "chip_groups": [_refused_chip(request)],
        "record": _record(request),
        "is_filtered": any(request.GET.get(name) for name in ("event", "who", "since", "until", "record")),
        "lines": [_line(entry) for entry in entries],
        "older_url": _with(request, before=older) if older else "",
        "newer_url": _with(request, after=newer) if newer else "",
        "export_url": _with(request, format="xlsx"),
        "ledger_items": _ledger(),
    }
    return render(request, "kernel/papers/audit.html", context)


def _filtered(request: HttpRequest, wanted: dict[str, Any]) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    if wanted.get("event"):
        rows = rows.filter(event=wanted["event"])
    if wanted.get("who"):
        rows = rows.filter(_by(wanted["who"]))
    if wanted.get("since"):
        rows = rows.filter(at__gte=_midnight(wanted["since"]))
    if wanted.get("until"):
        rows = rows.filter(at__lt=_midnight(wanted["until"] + timedelta(days=1)))
    label, pk = _record_key(request)
    return rows.filter(root_type=label, root_id=pk) if label else rows


def _by(words: str) -> Q:
    """Entries of the people whose name has all the words; «سامانه» is the application itself."""
    if words == SYSTEM_LABEL:
        return Q(actor__isnull=True)
    people = User.objects.all()
    for word in words.split():
        part = Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word)
        people = people.filter(part)
    return Q(actor__in=list(people.values_list("pk", flat=True)[:200]))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _number(request: HttpRequest, name: str) -> int:
    text = to_ascii_digits(request.GET.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _page(request: HttpRequest, rows: QuerySet[AuditEntry]) -> tuple[list[AuditEntry], int, int]:
    """The page's entries, and the ids after which the older and before which the newer page begins (0: none)."""
    before, after = _number(request, "before"), _number(request, "after")
    if after and not before:
        found = list(rows.filter(pk__gt=after).order_by("id")[: PAGE_SIZE + 1])
        has_newer, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE][::-1]
        return found, found[-1].pk if found else 0, found[0].pk if has_newer else 0
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-id")[: PAGE_SIZE + 1])
    has_older, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    return found, found[-1].pk if has_older else 0, found[0].pk if before and found else 0


def _with(request: HttpRequest, **changes: Any) -> str:
    query = {key: value for key, value in request.GET.items() if key not in {"before", "after", "format"}}
    return f"?{urlencode({**query, **changes})}"


def _refused_chip(request: HttpRequest) -> dict[str, Any]:
    """All entries, or the refused attempts only."""
    is_on = request.GET.get("event") == events.REFUSED.code
    kept = {
        key: value for key, value in request.GET.items() if key not in {"event", "before", "after", "format"}
    }
    on_url = f"?{urlencode({**kept, 'event': events.REFUSED.code})}"
    off_url = f"?{urlencode(kept)}"
    return {
        "label": "نمایش",
        "options": [
            {"label": "همه", "url": off_url, "active": not request.GET.get("event")},
            {
                "label": "تلاش‌های ردشده",
                "url": off_url if is_on else on_url,
                "active": is_on,
                "removable": is_on,
            },
        ],
    }


def _record_key(request: HttpRequest) -> tuple[str, int]:
    """``?record=app.model:12`` as label and id; nothing for anything else."""
    label, _, number = request.GET.get("record", "").rpartition(":")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return "", 0
    try:
        return apps.get_model(label)._meta.label_lower, int(number)
    except (LookupError, ValueError):
        return "", 0


def _record(request: HttpRequest) -> dict[str, str] | None:
    """The record to which the trail is narrowed, with its address when the person may see it."""
    label, pk = _record_key(request)
    if not label:
        return None
    found = file_kinds.find(label, pk, person(request), today(request))
    title = to_persian_digits(str(found)) if found else f"{subject_kind(label)} {to_persian_digits(pk)}"
    return {
        "title": title,
        "url": file_kinds.url_of(found) if found else "",
        "clear_url": _with(request, record=""),
    }


def _line(entry: AuditEntry) -> dict[str, Any]:
    line = sentence_of(entry)
    return {
        "id": to_persian_digits(entry.pk),
        "actor": line.actor,
        "sentence": to_persian_text(line.sentence),
        "tone": line.tone,
        "label": events.EVENTS[entry.event].label if entry.event in events.EVENTS else entry.event,
        "role": _role(line),
        "note": to_persian_text(line.note),
        "at": format_jalali(entry.at, "moment"),
        "subject": to_persian_text(entry.subject_label),
        "record_url": f"?{urlencode({'record': f'{entry.root_type}:{entry.root_id}'})}",
        "record_kind": subject_kind(entry.root_type),
        "changes": changes_of(entry),
    }


def _role(line: TimelineLine) -> str:
    role = "" if line.role == line.actor else line.role
    return "، ".join(part for part in (role, line.on_behalf_of) if part)


def _ledger() -> list[dict[str, Any]]:
    """How far the chain is sealed and when it was last signed. Three queries."""
    link = LedgerLink.objects.order_by("-sequence").first()
    checkpoint = LedgerCheckpoint.objects.order_by("-sequence").first()
    waiting = AuditEntry.objects.filter(pk__gt=link.entry_id if link else 0).count()
    return [
        {"label": "رویدادهای مهرشده", "value": to_persian_digits(link.sequence) if link else "هنوز هیچ"},
        *([{"label": "درهم‌سازی آخرین حلقه", "value": f"{link.hash[:16]}…", "code": True}] if link else []),
        {
            "label": "در انتظار مهر",
            "value": to_persian_digits(waiting),
            "badge": "" if waiting < PAGE_SIZE else "بررسی کنید",
            "tone": "wait",
        },
        {
            "label": "آخرین نقطه بازبینی امضاشده",
            "value": format_jalali(checkpoint.created_at, "moment") if checkpoint else "هنوز هیچ",
        },
    ]
