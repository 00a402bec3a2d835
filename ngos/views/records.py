"""The record of one NGO: its file, letters and history, and the frame that all its tabs share."""

from datetime import date
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject, Lower, Upper
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ngos import rules
from ngos import settings as ngo_settings
from ngos.enums import REQUIRED_DOCUMENTS, DocumentState
from ngos.enums import MembershipState as M
from ngos.forms.registry import DayForm
from ngos.models import Licence, MembershipPeriod, NgoAccount, Officer
from ngos.operations.accounts import read_people
from ngos.operations.membership import document_states
from ngos.pages import record_display as display
from ngos.pages.record_display import LoadedNgo
from ngos.queries import visible_ngos
from ngos.views import history as history_words
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.configuration.clocks import working_deadline
from staff_portal.kernel.models import (
    ActivityField,
    Hold,
    Letter,
)
from staff_portal.kernel.pages.letter_card import letter_card
from staff_portal.kernel.pages.requests import moment, page_of, person, today
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.pages.waiting import in_hands
from staff_portal.kernel.people import access
from staff_portal.kernel.people import rules as kernel_rules
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.trail import audit
from staff_portal.kernel.trail.timeline import entries_of, timeline_items

TIMELINE_LENGTH = 12
HISTORY_CLOSED = "تاریخچه این سمن تنها برای ستاد سمن‌ها، ناظر و خود سمن باز است."
PUBLIC_EVENTS = (
    "membership.approved",
    "membership.existing_confirmed",
    "membership.suspended",
    "membership.reinstated",
    "membership.ended",
    "assessment.confirmed",
)


def load_ngo(request: HttpRequest, pk: int) -> LoadedNgo:
    """The NGO if the person may see it, else 404; with its fields, periods and representatives in one query."""
    me, on = person(request), today(request)
    fields = ActivityField.objects.filter(ngos=OuterRef("pk")).order_by("position").values("title")
    periods = MembershipPeriod.objects.filter(ngo=OuterRef("pk")).order_by("period")
    accounts = NgoAccount.objects.filter(ngo=OuterRef("pk")).order_by("id")
    found = (
        visible_ngos(me, on)
        .select_related("district", "neighbourhood", "primary_field", "registered_by", "reviewer")
        .annotate(
            field_titles=ArraySubquery(fields),
            period_rows=ArraySubquery(
                periods.values(row=JSONObject(start=Lower("period"), end=Upper("period"), by=F("ended_by")))
            ),
            account_rows=ArraySubquery(
                accounts.values(
                    row=JSONObject(
                        pk=F("pk"),
                        user=F("user_id"),
                        first_name=F("user__first_name"),
                        last_name=F("user__last_name"),
                        letter=F("letter_reference"),
                        start=Lower("period"),
                        end=Upper("period"),
                    )
                )
            ),
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return cast(LoadedNgo, found)


class Reader:
    """What the person may see and do of one NGO's record, asked once for a page."""

    def __init__(self, request: HttpRequest, ngo: LoadedNgo) -> None:
        self.me, self.on = person(request), today(request)
        self.is_staff_reader = access.has_role(self.me, self.on, *rules.REGISTRY_READERS)
        self.is_representative = access.has_role(self.me, self.on, Role.NGO_USER) and any(
            row["user"] == self.me.pk and display.covers(row, self.on) for row in ngo.account_rows
        )
        self.sees_people = rules.reads_people(self.me, self.on) or self.is_representative
        self.sees_inside = self.is_staff_reader or self.is_representative
        self.can_edit = rules.EDIT_NGO.authority(self.me, ngo, self.on) is not None
        self.can_link = rules.LINK_ACCOUNT.authority(self.me, ngo, self.on) is not None


def record_context(request: HttpRequest, ngo: LoadedNgo, tab: str) -> dict[str, Any]:
    """Context of ``ngos/registry/record_base.html`` for one tab (file, documents, grading, letters, history).

    ``ngo`` comes from :func:`load_ngo`. Eight queries at most, the reasons of greyed steps included.
    """
    reader = Reader(request, ngo)
    at, on = moment(request), today(request)
    held = Hold.objects.filter(subject_type=audit.type_label(ngo), subject_id=ngo.pk, lifted_at__isnull=True)
    ngo._open_holds = list(held.values_list("reason", flat=True))  # type: ignore[attr-defined]
    options = MEMBERSHIP.options(ngo, reader.me, at)
    can_refer = kernel_rules.can_refer(reader.me, on)
    return {
        "ngo": ngo,
        "reader": reader,
        "tab": tab,
        "page_title": ngo.name,
        "crumbs": [{"label": "سمن‌ها", "url": reverse("ngos:ngo_list")}, {"label": ngo.name}],
        "badges": display.badges(ngo, on),
        "codes": display.codes(ngo),
        "tabs": _tabs(ngo, reader, tab),
        "actions": step_actions(MEMBERSHIP, ngo, options),
        "edit_url": reverse("ngos:ngo_edit", args=[ngo.pk]) if reader.can_edit else "",
        "refer_url": reverse("refer", args=[audit.type_label(ngo), ngo.pk]) if can_refer else "",
        "steps": display.steps(ngo),
        "notices": display.notices(ngo, on, _lacking(ngo, reader, on)) + _return_clock(ngo, reader, on),
        "holds": [{"text": reason} for reason in ngo._open_holds],  # type: ignore[attr-defined]
        "holders": in_hands(ngo, reader.me, on, inside=reader.is_staff_reader),
        "contact": display.contact(ngo),
        "events": None if tab == "history" else timeline_items(_timeline(ngo, reader)),
        "history_url": reverse("ngos:ngo_history", args=[ngo.pk]) if reader.sees_inside else "",
    }


def _tabs(ngo: LoadedNgo, reader: Reader, tab: str) -> list[dict[str, Any]]:
    sees_documents = reader.sees_inside or access.has_role(reader.me, reader.on, Role.HQ_ASSESSOR)
    wanted = [
        ("file", "پرونده", "ngo_detail", True),
        ("documents", "مدارک", "ngo_documents", sees_documents),
        ("grading", "ظرفیت‌سنجی", "ngo_grading", True),
        ("letters", "نامه‌ها", "ngo_letters", True),
        ("history", "تاریخچه", "ngo_history", reader.sees_inside),
    ]
    return [
        {"label": label, "url": reverse(f"ngos:{name}", args=[ngo.pk]), "current": code == tab}
        for code, label, name, is_shown in wanted
        if is_shown
    ]


def _lacking(ngo: LoadedNgo, reader: Reader, on: date) -> list[str]:
    """Required documents that an existing member has not had accepted yet (N2), for both sides."""
    if ngo.state != M.MEMBER or ngo.documents_due_on is None or not reader.sees_inside:
        return []
    states = document_states(ngo, on)
    return [str(kind.label) for kind in REQUIRED_DOCUMENTS if states.get(kind) != DocumentState.ACCEPTED]


def _return_clock(ngo: LoadedNgo, reader: Reader, on: date) -> list[dict[str, Any]]:
    """Until when a returned application is to be corrected, and what is missing, for both sides (K5)."""
    if ngo.state != M.RETURNED or not reader.sees_inside:
        return []
    started = access.local_date(ngo.state_since)
    days = int(settings_store.value(ngo_settings.RETURN_DAYS, started))
    due = working_deadline(started, days)
    verb = "بود" if due < on else "است"
    return [
        {
            "tone": "no" if due < on else "wait",
            "title": "بازگشت برای اصلاح",
            "text": f"مهلت اصلاح تا پایان {format_jalali(due, 'long')} {verb} ({relative_days(due, on)}).",
            "lines": list(ngo.missing_items),
        }
    ]


def _timeline(ngo: LoadedNgo, reader: Reader) -> Any:
    entries = entries_of(ngo, reader.me, reader.on)
    if not reader.sees_inside:
        entries = entries.filter(event__in=PUBLIC_EVENTS)
    return entries[:TIMELINE_LENGTH]


# --- tabs ---------------------------------------------------------------------------------------------------


@require_GET
def ngo_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The file: data, licences, people, representatives, periods of membership."""
    return _file(request, load_ngo(request, pk))


@never_cache
@require_POST
def ngo_people(request: HttpRequest, pk: int) -> HttpResponse:
    """The file with people's codes and mobiles; each reading is recorded (K4)."""
    ngo = load_ngo(request, pk)
    people = read_people(ngo, actor=person(request), at=moment(request))
    return _file(request, ngo, people=people)


def _file(request: HttpRequest, ngo: LoadedNgo, *, people: list[Officer] | None = None) -> HttpResponse:
    context = record_context(request, ngo, "file")
    reader, on = context["reader"], today(request)
    shown = people is not None
    officers = (
        people
        if people is not None
        else list(Officer.objects.filter(ngo=ngo).defer("national_code", "mobile"))
    )
    form = DayForm(request.GET or None) if "on" in request.GET else DayForm()
    asked = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    context |= {
        "identity": display.identity(ngo),
        "place": display.place(ngo, sees_people=reader.sees_people, shown=shown),
        "work": display.work(ngo),
        "licences": display.licence_rows(Licence.objects.filter(ngo=ngo), on),
        "officers": display.officer_rows(officers, on, sees_people=reader.sees_people, shown=shown),
        "has_hidden_people": reader.sees_people and not shown and bool(officers or ngo.mobile),
        "periods": display.period_rows(ngo.period_rows),
        "accounts": display.account_rows(ngo.account_rows, on) if reader.sees_inside else None,
        "day_form": form,
        "day_answer": display.member_answer(ngo.period_rows, asked) if asked else "",
    }
    return render(request, "ngos/registry/file.html", context)


@require_GET
def ngo_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters of the file: certificates and grade sheets, with what became of them."""
    ngo = load_ngo(request, pk)
    found = (
        Letter.objects.filter(root_type=audit.type_label(ngo), root_id=ngo.pk)
        .select_related("number")
        .prefetch_related("events")
        .order_by("-id")
    )
    context = record_context(request, ngo, "letters")
    context["letters"] = [letter_card(letter, today(request)) for letter in found]
    return render(request, "ngos/registry/letters.html", context)


@require_GET
def ngo_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole trail; HQ and the auditor also read what stood before and after."""
    ngo = load_ngo(request, pk)
    context = record_context(request, ngo, "history")
    reader = context["reader"]
    if not reader.sees_inside:
        raise NotPermitted(HISTORY_CLOSED)
    page = page_of(request, entries_of(ngo, reader.me, reader.on))
    context |= {
        "page_obj": page,
        "entries": history_words.lines(list(page.object_list), with_values=reader.is_staff_reader),
    }
    return render(request, "ngos/registry/history.html", context)
