"""What the registry puts into the frame: navigation, work that waits, search results, figures, the map."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    JSONField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.urls import reverse

from ngos import rules
from ngos import settings as ngo_settings
from ngos.enums import BOARD_POSTS, REQUIRED_DOCUMENTS, DocumentState
from ngos.enums import MembershipState as M
from ngos.models import Licence, Ngo, NgoDocument, Officer
from ngos.queries import visible_ngos
from staff_portal.kernel import access, attachments_access, audit, districtmap, panels, roots, settings_store
from staff_portal.kernel.access import Permission
from staff_portal.kernel.clocks import WorkCalendar
from staff_portal.kernel.models import Attachment, DatedSetting, Holiday, User
from staff_portal.kernel.panels import Figure, SearchHit, Task
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.identifiers import is_valid_national_id
from staff_portal.kernel.persian.numbers import format_thousands
from staff_portal.kernel.roles import Role
from staff_portal.kernel.settings_store import SettingKey

REQUEST_TASK, EXISTING_TASK, DRAFT_TASK, DOCUMENT_TASK = (
    "ngos.request",
    "ngos.existing",
    "ngos.draft",
    "ngos.document",
)
MOST_SHOWN = 50
LONGEST_RETURN = timedelta(days=180)
REGISTRY_ROLES = (
    Role.HQ_EXPERT,
    Role.HQ_MANAGER,
    Role.AUDITOR,
    Role.DEPUTY_MANAGER,
    Role.DEPUTY_EXPERT,
    Role.UNIT_EXPERT,
    Role.REGION_OFFICER,
    Role.DISTRICT_HEAD,
    Role.HQ_ASSESSOR,
)
HEADQUARTERS = (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR)


# --- the inbox: one statement for everything that waits -----------------------------------------------------


def work_of(user: User, at: datetime) -> Iterable[Task]:
    """What waits in the registry for one person: one query whatever the roles, none without a role here."""
    on = access.local_date(at)
    parts = list(_parts(user, on))
    if not parts:
        return []
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return [_task(row, on) for row in rows if _counts(row)]


def _parts(user: User, on: date) -> Iterable[QuerySet[Any]]:
    if access.has_role(user, on, Role.HQ_EXPERT):
        yield _ngos("submitted", Q(state=M.SUBMITTED) & ~Q(registered_by=user))
        yield _ngos("review", Q(state=M.UNDER_REVIEW, reviewer=user))
        yield _returned(Q(registered_by=user), on)
        yield _ngos("draft", Q(state=M.DRAFT, registered_by=user, claimed_number=""))
        yield _documents(user)
    if _has_power(user, rules.APPROVE, on):
        yield _ready(user, on)
    if _has_power(user, rules.CONFIRM_EXISTING, on):
        yield _existing()
    if access.has_role(user, on, Role.NGO_USER):
        own = Q(accounts__user=user, accounts__period__contains=on)
        yield _returned(own, on)
        yield _ngos("own_draft", Q(state=M.DRAFT) & own)


def _has_power(user: User, permission: Permission, on: date) -> bool:
    """Whether the person has the power at all, own or delegated (K6), whatever the single file."""
    return any(
        a.role in permission.roles and a.has_power(permission.code) for a in access.authorities(user, on)
    )


def _row(kind: str, rows: QuerySet[Any], *, extra: Any = None) -> QuerySet[Any]:
    """One part of the statement; all parts have the same columns: kind, id, name, since, further values."""
    return rows.order_by().values_list(
        Value(kind, output_field=CharField()),
        Cast(F("pk"), IntegerField()),
        Cast(F("name"), CharField()),
        Cast(F("state_since"), DateTimeField()),
        extra if extra is not None else Cast(Value("{}"), JSONField()),
    )


def _ngos(kind: str, condition: Q, extra: Any = None) -> QuerySet[Any]:
    return _row(kind, _longest_waiting(Ngo.objects.filter(condition)), extra=extra)


def _longest_waiting(rows: QuerySet[Any]) -> QuerySet[Any]:
    """As many as an inbox shows, those that have waited longest."""
    return Ngo.objects.filter(pk__in=rows.order_by("state_since", "id").values("pk")[:MOST_SHOWN])


def _setting(key: SettingKey, on: date) -> Any:
    found = DatedSetting.objects.filter(key=key.code, effective_on__lte=on).order_by("-effective_on", "-id")
    return Coalesce(Subquery(found.values("value")[:1]), Cast(Value(json.dumps(key.default)), JSONField()))


def _returned(condition: Q, on: date) -> QuerySet[Any]:
    """Files sent back, with what their clock of working days is made of (K5)."""
    holidays = Holiday.objects.filter(day__gte=on - LONGEST_RETURN, day__lte=on + LONGEST_RETURN)
    extra = JSONObject(
        missing=F("missing_items"),
        days=_setting(ngo_settings.RETURN_DAYS, on),
        thursday_off=_setting(settings_store.THURSDAY_OFF, on),
        holidays=ArraySubquery(holidays.values("day")),
    )
    return _ngos("returned", condition & Q(state=M.RETURNED), extra)


def _documents(user: User) -> QuerySet[Any]:
    """NGOs with documents that wait for a decision by somebody else than their uploader (N2)."""
    waiting = (
        NgoDocument.objects.filter(state=DocumentState.PENDING)
        .exclude(uploaded_by=user)
        .values("ngo_id", "ngo__name")
        .annotate(since=Min("uploaded_at"), many=Count("id"))
        .order_by()
    )
    return waiting.values_list(
        Value("documents", output_field=CharField()),
        Cast(F("ngo_id"), IntegerField()),
        Cast(F("ngo__name"), CharField()),
        Cast(F("since"), DateTimeField()),
        JSONObject(many=F("many")),
    )[:MOST_SHOWN]


def _ready(user: User, on: date) -> QuerySet[Any]:
    """Applications whose review is complete: nothing of N2 stands against the approval any more."""
    licence = Licence.objects.filter(ngo=OuterRef("pk"), valid_until__gte=on).filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    )
    accepted = NgoDocument.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        ngo=OuterRef("pk"),
        state=DocumentState.ACCEPTED,
        kind__in=REQUIRED_DOCUMENTS,
    )
    board = Officer.objects.filter(ngo=OuterRef("pk"), post__in=BOARD_POSTS, term__contains=on)
    rows = (
        Ngo.objects.filter(Exists(licence), state=M.UNDER_REVIEW, reviewer__isnull=False)
        .exclude(Q(registered_by=user) | Q(reviewer=user))
        .annotate(
            kinds=Subquery(_count(accepted, "kind")),
            board=Subquery(_count(board, "id")),
            wanted=Cast(_setting(ngo_settings.BOARD_MEMBERS, on), IntegerField()),
        )
        .filter(kinds=len(REQUIRED_DOCUMENTS), board__gte=F("wanted"))
    )
    return _row("ready", _longest_waiting(rows), extra=JSONObject(national_id=F("national_id")))


def _count(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    counted = ExpressionWrapper(Count(column, distinct=True), output_field=IntegerField())
    return rows.order_by().values("ngo").annotate(many=counted).values("many")


def _existing() -> QuerySet[Any]:
    """How many files of existing members wait for the manager's confirmation, as one row (N2)."""
    waiting = Ngo.objects.filter(state=M.DRAFT, claimed_since__isnull=False).exclude(claimed_number="")
    counted = waiting.order_by().values("state").annotate(many=Count("id"), since=Max("state_since"))
    return counted.values_list(
        Value("existing", output_field=CharField()),
        Value(0, output_field=IntegerField()),
        Value("", output_field=CharField()),
        Cast(F("since"), DateTimeField()),
        JSONObject(many=F("many")),
    )


def _counts(row: tuple[Any, ...]) -> bool:
    kind, _, _, _, extra = row
    return kind != "ready" or is_valid_national_id(extra["national_id"])


def _task(row: tuple[Any, ...], on: date) -> Task:
    kind, pk, name, since, extra = row
    url = reverse("ngos:ngo_detail", args=[pk]) if pk else ""
    if kind == "submitted":
        return Task(
            REQUEST_TASK, f"بررسی درخواست عضویت «{name}»", "هنوز کسی آن را برنداشته است", url, since=since
        )
    if kind == "review":
        return Task(
            REQUEST_TASK, f"ادامه بررسی «{name}»", "بررسی این درخواست با شماست", url, since=since, rank=45
        )
    if kind == "ready":
        return Task(REQUEST_TASK, f"تأیید عضویت «{name}»", "بررسی کامل است", url, since=since, rank=30)
    if kind == "existing":
        many = format_thousands(extra["many"])
        return Task(
            EXISTING_TASK,
            f"تأیید {many} عضو پیشین",
            "از دفتر وارد شده‌اند",
            reverse("ngos:existing"),
            since=since,
        )
    if kind == "documents":
        detail = f"{to_persian_digits(extra['many'])} مدرک در انتظار بررسی"
        return Task(
            DOCUMENT_TASK,
            f"بررسی مدارک «{name}»",
            detail,
            reverse("ngos:ngo_documents", args=[pk]),
            since=since,
        )
    if kind == "returned":
        missing = "، ".join(extra["missing"]) or "توضیح بررس را بخوانید"
        return Task(
            REQUEST_TASK,
            f"اصلاح پرونده «{name}»",
            missing,
            url,
            due_on=_return_deadline(since, extra),
            since=since,
        )
    own = kind == "own_draft"
    detail = "پرونده هنوز برای بررسی ارسال نشده است" if own else "پیش‌نویسی که خود ثبت کرده‌اید"
    return Task(DRAFT_TASK, f"تکمیل و ارسال «{name}»", detail, url, since=since, rank=80)


def _return_deadline(since: datetime, extra: dict[str, Any]) -> date:
    closed = [date.fromisoformat(day) for day in extra["holidays"]]
    calendar = WorkCalendar(closed, thursday_off=bool(extra["thursday_off"]))
    return calendar.add(access.local_date(since), int(extra["days"]))


# --- search, figures, map ----------------------------------------------------------------------------------


def find(user: User, at: datetime, query: str, limit: int) -> Iterable[SearchHit]:
    """NGOs that the person may see, by name, number, national id or head: one query."""
    on = access.local_date(at)
    found = visible_ngos(user, on).matching(query).order_by("sort_key", "id")
    columns = ("pk", "name", "state", "district_id", "membership_number")
    for pk, name, state, district, number in found.values_list(*columns)[:limit]:
        detail = " · ".join(
            part
            for part in (
                str(M(state).label),
                f"منطقه {district}" if district else "",
                f"عضویت {number}" if number else "",
            )
            if part
        )
        yield SearchHit("سمن‌ها", name, to_persian_digits(detail), reverse("ngos:ngo_detail", args=[pk]))


def figures(user: User, at: datetime) -> Iterable[Figure]:
    """Members, members with a valid level, open applications, of what the person may see: one query."""
    on = access.local_date(at)
    if not access.has_role(user, on, *REGISTRY_ROLES):
        return []
    seen = visible_ngos(user, on).aggregate(
        members=Count("pk", filter=Q(state=M.MEMBER)),
        graded=Count("pk", filter=Q(state=M.MEMBER, level_rank__isnull=False, grade_valid_until__gte=on)),
        applying=Count("pk", filter=Q(state__in=[M.SUBMITTED, M.UNDER_REVIEW, M.RETURNED])),
        suspended=Count("pk", filter=Q(state=M.SUSPENDED)),
    )
    address = reverse("ngos:ngo_list")
    share = (
        f"{to_persian_digits(round(100 * seen['graded'] / seen['members']))}٪ اعضا" if seen["members"] else ""
    )
    found = [
        Figure("سمن‌های عضو", seen["members"], "", f"{address}?state=member", order=10),
        Figure("عضو با سطح معتبر", seen["graded"], share, f"{address}?state=member&level=any", order=20),
    ]
    if access.has_role(user, on, *HEADQUARTERS):
        found += [
            Figure("درخواست‌های باز", seen["applying"], "", reverse("ngos:memberships"), order=30),
            Figure("تعلیق‌شده", seen["suspended"], "", f"{address}?state=suspended", order=40),
        ]
    return found


def _map(title: str, column: str, states: tuple[str, ...]) -> Any:
    def draw(user: User, at: datetime) -> districtmap.DistrictFigure:
        rows = visible_ngos(user, access.local_date(at)).filter(state__in=states, district__isnull=False)
        counts = dict(rows.order_by().values_list("district_id").annotate(Count("pk")))
        query = "&".join(f"state={state}" for state in states)
        address = reverse("ngos:ngo_list")
        return districtmap.figure_of_counts(
            title, column, counts, unit="سمن", url_for=lambda number: f"{address}?{query}&district={number}"
        )

    return draw


members_map = _map("سمن‌های عضو در مناطق", "سمن‌های عضو", (M.MEMBER,))
applications_map = _map("درخواست‌های باز در مناطق", "درخواست‌ها", (M.SUBMITTED, M.UNDER_REVIEW, M.RETURNED))


def can_read_file(user: User, attachment: Attachment, on: date) -> bool:
    """Whether the person may open a file of an NGO: who may read its documents."""
    ngo = Ngo.objects.filter(pk=attachment.root_id or 0).first()
    return ngo is not None and rules.can_view_documents(user, ngo, on)


# --- registration -------------------------------------------------------------------------------------------

panels.add_nav("سمن‌ها", "فهرست سمن‌ها", "ngos:ngo_list", REGISTRY_ROLES, order=100)
panels.add_nav("سمن‌ها", "پرونده سمن من", "ngos:ngo_list", [Role.NGO_USER], order=101)
panels.add_nav(
    "سمن‌ها", "درخواست‌های عضویت", "ngos:memberships", HEADQUARTERS, order=110, task_kind=REQUEST_TASK
)
panels.add_nav(
    "سمن‌ها", "تأیید اعضای پیشین", "ngos:existing", [Role.HQ_MANAGER], order=120, task_kind=EXISTING_TASK
)
panels.label_tasks(DRAFT_TASK, "پیش‌نویس‌ها")
panels.label_tasks(DOCUMENT_TASK, "مدارک")
panels.label_tasks(EXISTING_TASK, "اعضای پیشین")
panels.add_action(
    "ثبت سمن تازه",
    "ngos:ngo_new",
    [Role.HQ_EXPERT],
    hint="می‌توانید سمن تازه‌ای ثبت کنید.",
    main=True,
    order=10,
)
panels.add_action(
    "فهرست سمن‌ها",
    "ngos:ngo_list",
    REGISTRY_ROLES,
    icon="list",
    hint="می‌توانید فهرست سمن‌ها را ببینید.",
    order=20,
)
panels.add_action("درخواست‌های عضویت", "ngos:memberships", [Role.HQ_MANAGER], icon="seal", main=True, order=22)
panels.add_action(
    "پرونده سمن من",
    "ngos:ngo_list",
    [Role.NGO_USER],
    icon="people",
    hint="می‌توانید مشخصات و مدارک سمن خود را بازبینی کنید.",
    main=True,
    order=20,
)
panels.add_map("members", "سمن‌های عضو", members_map, roles=REGISTRY_ROLES, order=10)
panels.add_map("applications", "درخواست‌های باز", applications_map, roles=HEADQUARTERS, order=20)
panels.REGISTRY.inbox.append(work_of)
panels.REGISTRY.search.append(find)
panels.REGISTRY.figures.append(figures)
roots.register(
    Ngo,
    visible=visible_ngos,
    url=lambda ngo: reverse("ngos:ngo_detail", args=[ngo.pk]),
)
attachments_access.register(audit.type_label(Ngo), can_read_file)
