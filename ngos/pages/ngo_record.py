"""The record of one NGO, declared: its file, letters and history, and the frame that all its tabs share."""

from dataclasses import replace
from datetime import date
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject, Lower, Upper
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ngos import rules
from ngos import settings as ngo_settings
from ngos.enums import REQUIRED_DOCUMENTS, DocumentState
from ngos.enums import MembershipState as M
from ngos.forms.registry import DayForm
from ngos.models import Licence, MembershipPeriod, Ngo, NgoAccount, Officer
from ngos.operations.accounts import read_people
from ngos.operations.membership import document_states
from ngos.pages import history
from ngos.pages import record_display as display
from ngos.pages.applications import OPEN_STATES
from ngos.pages.matters import matters_of
from ngos.pages.record_display import LoadedNgo
from ngos.queries import visible_ngos
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.configuration.clocks import working_deadline
from staff_portal.kernel.letters.issuing import isolated
from staff_portal.kernel.models import ActivityField, Letter, User
from staff_portal.kernel.pages.records import Draw, Look, RecordPage
from staff_portal.kernel.pages.requests import moment, one, page_of, person, today
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.pages.waiting import in_hands
from staff_portal.kernel.people import access
from staff_portal.kernel.people import rules as kernel_rules
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.trail import audit
from staff_portal.kernel.trail.timeline import entries_of, timeline_items
from staff_portal.kernel.workflow.holds import open_reasons

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


def readable(me: User, on: date) -> QuerySet[Ngo]:
    """The NGOs the person may see, each with its fields, periods, representatives and holds in one query."""
    fields = ActivityField.objects.filter(ngos=OuterRef("pk")).order_by("position").values("title")
    periods = MembershipPeriod.objects.filter(ngo=OuterRef("pk")).order_by("period")
    accounts = NgoAccount.objects.filter(ngo=OuterRef("pk")).order_by("id")
    return (
        visible_ngos(me, on)
        .select_related("district", "neighbourhood", "primary_field", "registered_by", "reviewer")
        .annotate(
            _open_holds=open_reasons(Ngo),
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
    )


def load_ngo(request: HttpRequest, pk: int) -> LoadedNgo:
    """The NGO if the person may see it, else 404."""
    return cast(LoadedNgo, one(readable(person(request), today(request)), pk))


class Reader:
    """What the person may see and do of one NGO's record, asked once for a page."""

    def __init__(self, ngo: LoadedNgo, look: Look) -> None:
        self.me, self.on = look.me, look.on
        self.is_staff_reader = access.has_role(self.me, self.on, *rules.REGISTRY_READERS)
        self.is_representative = access.has_role(self.me, self.on, Role.NGO_USER) and any(
            row["user"] == self.me.pk and display.covers(row, self.on) for row in ngo.account_rows
        )
        self.sees_people = rules.reads_people(self.me, self.on) or self.is_representative
        self.sees_inside = self.is_staff_reader or self.is_representative
        self.can_edit = rules.EDIT_NGO.authority(self.me, ngo, self.on) is not None
        self.can_link = rules.LINK_ACCOUNT.authority(self.me, ngo, self.on) is not None


def reader_of(ngo: LoadedNgo, look: Look) -> Reader:
    """The person as a reader of this record."""
    found: Reader = look.once("reader", lambda: Reader(ngo, look))
    return found


def crumbs_of(ngo: Ngo) -> list[dict[str, str]]:
    """The way to a file."""
    return [
        {"label": "سمن‌ها", "url": reverse("ngos:ngo_list")},
        {"label": ngo.name, "url": ngo.get_absolute_url()},
    ]


def _meta(ngo: LoadedNgo) -> list[str]:
    words = [f"{row['label']} {isolated(row['code'])}" for row in display.codes(ngo)]
    place = "، ".join(str(part) for part in (ngo.district, ngo.neighbourhood) if part)
    return [*words, place] if ngo.district else words


def _actions(ngo: LoadedNgo, look: Look) -> list[dict[str, Any]]:
    """The next one of the queue, referral and editing first, then the steps of the table."""
    reader = reader_of(ngo, look)
    links = []
    if reader.is_staff_reader and _is_in_queue(ngo, look.on):
        url = f"{reverse('ngos:membership_next')}?after={ngo.pk}"
        links.append({"label": "درخواست بعدی", "url": url, "icon": "down"})
    if kernel_rules.can_refer(look.me, look.on):
        url = reverse("refer", args=[audit.type_label(ngo), ngo.pk])
        links.append({"label": "ارجاع", "url": url, "icon": "send"})
    if reader.can_edit:
        links.append({"label": "ویرایش", "url": reverse("ngos:ngo_edit", args=[ngo.pk]), "icon": "edit"})
    return [
        *({**link, "confirm": True} for link in links),
        *step_actions(MEMBERSHIP, ngo, list(look.options)),
    ]


def _is_in_queue(ngo: Ngo, on: date) -> bool:
    """An open application, or one that was decided today: whoever decided it goes on to the next."""
    is_decided = ngo.state in {M.MEMBER, M.REJECTED} and access.local_date(ngo.state_since) == on
    return ngo.state in OPEN_STATES or is_decided


def _frame(ngo: LoadedNgo, look: Look, tab: str) -> dict[str, Any]:
    """What the template of every tab draws besides the declared record."""
    reader, on = reader_of(ngo, look), look.on
    return {
        "ngo": ngo,
        "reader": reader,
        "tabs": _tabs(ngo, reader, tab),
        "notices": display.notices(ngo, on, _lacking(ngo, reader, on)) + _return_clock(ngo, reader, on),
        "holds": [{"text": reason} for reason in ngo._open_holds],  # type: ignore[attr-defined]
        "matters": matters_of(ngo, on) if reader.sees_inside else [],
        "contact": display.contact(ngo),
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


def _timeline(ngo: LoadedNgo, look: Look) -> list[dict[str, Any]]:
    entries = entries_of(ngo, look.me, look.on)
    if not reader_of(ngo, look).sees_inside:
        entries = entries.filter(event__in=PUBLIC_EVENTS)
    return timeline_items(entries[:TIMELINE_LENGTH])


# --- tabs ---------------------------------------------------------------------------------------------------


NGO_PAGE = RecordPage(
    table=MEMBERSHIP,
    name="ngos:ngo_detail",
    visible=readable,
    crumbs=crumbs_of,
    title=lambda ngo: str(ngo.name),
    badges=lambda ngo, look: [(row["label"], row["tone"]) for row in display.badges(ngo, look.on)],
    meta=_meta,
    path_of=display.steps,
    path_label="مسیر کار",
    actions=_actions,
    holders=lambda ngo, look: in_hands(ngo, look.me, look.on, inside=reader_of(ngo, look).is_staff_reader),
    events=_timeline,
)


def tab_of(code: str, name: str, template: str, more: Draw, **others: Any) -> RecordPage:
    """A tab of the record: its own address and template, the head and the side of all."""
    return replace(
        NGO_PAGE,
        name=name,
        template=template,
        more=lambda ngo, look: {**_frame(ngo, look, code), **(more(ngo, look) or {})},
        **others,
    )


def _file(ngo: LoadedNgo, look: Look) -> dict[str, Any]:
    """Data, licences, people, representatives, periods of membership; ``people`` once they may be read (K4)."""
    reader, on, shown = reader_of(ngo, look), look.on, "people" in look.known
    covered = Officer.objects.filter(ngo=ngo).defer("national_code", "mobile")
    officers: list[Officer] = look.known["people"] if shown else list(covered)
    form = DayForm(look.request.GET or None) if "on" in look.request.GET else DayForm()
    asked = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    return {
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


@never_cache
@require_POST
def ngo_people(request: HttpRequest, pk: int) -> HttpResponse:
    """The file with people's codes and mobiles; each reading is recorded (K4)."""
    ngo = load_ngo(request, pk)
    people = read_people(ngo, actor=person(request), at=moment(request))
    return FILE.show(request, ngo, known={"people": people})


def _history(ngo: LoadedNgo, look: Look) -> dict[str, Any]:
    """The whole trail; HQ and the auditor also read what stood before and after."""
    reader = reader_of(ngo, look)
    if not reader.sees_inside:
        raise NotPermitted(HISTORY_CLOSED)
    page = page_of(look.request, entries_of(ngo, reader.me, reader.on))
    entries = history.lines(list(page.object_list), with_values=reader.is_staff_reader)
    return {"page_obj": page, "entries": entries}


def _letters(ngo: Ngo) -> list[Letter]:
    """Certificates and grade sheets, with what became of them."""
    found = Letter.objects.filter(root_type=audit.type_label(ngo), root_id=ngo.pk)
    return list(found.select_related("number").prefetch_related("events").order_by("-id"))


FILE = tab_of("file", "ngos:ngo_detail", "ngos/registry/file.html", _file)
LETTERS = tab_of(
    "letters", "ngos:ngo_letters", "ngos/registry/letters.html", lambda ngo, look: None, letters=_letters
)
HISTORY = tab_of(
    "history", "ngos:ngo_history", "ngos/registry/history.html", _history, events=lambda ngo, look: None
)
