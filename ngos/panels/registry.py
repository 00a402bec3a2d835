"""What the registry puts into the frame: navigation, work that waits, search results, figures, the map."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from ngos import rules
from ngos import settings as ngo_settings
from ngos.enums import BOARD_POSTS, REQUIRED_DOCUMENTS, DocumentState
from ngos.enums import MembershipState as M
from ngos.models import Licence, Ngo, NgoDocument, Officer, RegisterImport
from ngos.panels.overview import HEADQUARTERS, REGISTRY_ROLES
from ngos.queries import visible_ngos
from staff_portal.kernel import access, attachments_access, audit, panels, roots
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.panels import Task, WorkRow
from staff_portal.kernel.persian.digits import latin_isolated, to_persian_digits, to_persian_text
from staff_portal.kernel.persian.identifiers import is_valid_national_id
from staff_portal.kernel.persian.numbers import format_thousands
from staff_portal.kernel.roles import Role

REQUEST_TASK, EXISTING_TASK, DRAFT_TASK, DOCUMENT_TASK = (
    "ngos.request",
    "ngos.existing",
    "ngos.draft",
    "ngos.document",
)
CODE = "registry"
MOST_SHOWN = 50
REST_STATES = {
    "submitted": M.SUBMITTED,
    "review": M.UNDER_REVIEW,
    "returned": M.RETURNED,
    "draft": M.DRAFT,
    "own_draft": M.DRAFT,
}


# --- the inbox -------------------------------------------------------------------------------------------


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """What waits in the registry for one person, by what the roles concern."""
    on = access.local_date(at)
    if access.has_role(user, on, Role.HQ_EXPERT):
        yield _ngos("submitted", Q(state=M.SUBMITTED) & ~Q(registered_by=user))
        yield _ngos("review", Q(state=M.UNDER_REVIEW, reviewer=user))
        yield _returned(Q(registered_by=user), on)
        yield _drafts(user)
        yield _documents(user)
    if access.holds_power(user, rules.APPROVE, on):
        yield _ready(user, on)
    if access.holds_power(user, rules.CONFIRM_EXISTING, on):
        yield _existing()
    if access.has_role(user, on, Role.NGO_USER):
        own = Q(accounts__user=user, accounts__period__contains=on)
        yield _returned(own, on)
        yield _ngos("own_draft", Q(state=M.DRAFT) & own)
        yield _own_documents(own, on)


def _row(kind: str, rows: QuerySet[Any], **extra: Any) -> QuerySet[Any]:
    return panels.work_part(CODE, kind, rows, name="name", since="state_since", **extra)


def _ngos(kind: str, condition: Q, **extra: Any) -> QuerySet[Any]:
    """Those that have waited longest, and how many more there are."""
    more = {"most": MOST_SHOWN, "rest": f"{reverse('ngos:ngo_list')}?state={REST_STATES[kind]}", **extra}
    rows = Ngo.objects.filter(pk__in=Ngo.objects.filter(condition).values("pk"))
    return _row(kind, rows.order_by("state_since", "id"), **more)


def _drafts(user: User) -> QuerySet[Any]:
    """The person's own drafts, those of a register with the file from which they were read (D6)."""
    read_by = RegisterImport.objects.filter(
        Q(import_job__finished_at__isnull=True) | Q(import_job__finished_at__gte=OuterRef("state_since")),
        import_job__owner=OuterRef("registered_by"),
        import_job__created_at__lte=OuterRef("state_since"),
    )
    condition = Q(state=M.DRAFT, registered_by=user, claimed_number="")
    return _ngos("draft", condition, register=Subquery(read_by.values("attachment__name")[:1]))


def _returned(condition: Q, on: date) -> QuerySet[Any]:
    """Files sent back, with the length of their clock of working days (K5)."""
    return _ngos(
        "returned",
        condition & Q(state=M.RETURNED),
        missing="missing_items",
        days=panels.setting_value(ngo_settings.RETURN_DAYS, on),
    )


def _documents(user: User) -> QuerySet[Any]:
    """NGOs with documents that wait for a decision by somebody else than their uploader (N2)."""
    waiting = (
        NgoDocument.objects.filter(state=DocumentState.PENDING)
        .exclude(uploaded_by=user)
        .values("ngo_id", "ngo__name")
        .annotate(since=Min("uploaded_at"), many=Count("id"))
        .order_by("since", "ngo_id")
    )
    return panels.work_part(
        CODE,
        "documents",
        waiting,
        pk="ngo_id",
        name="ngo__name",
        since="since",
        most=MOST_SHOWN,
        many="many",
    )


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
            wanted=Cast(panels.setting_value(ngo_settings.BOARD_MEMBERS, on), IntegerField()),
        )
        .filter(kinds=len(REQUIRED_DOCUMENTS), board__gte=F("wanted"))
    )
    return _row("ready", rows.order_by(), national_id="national_id")


def _own_documents(own: Q, on: date) -> QuerySet[Any]:
    """Existing members whose required documents are not all accepted, with the day they are due (N2)."""
    accepted = NgoDocument.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        ngo=OuterRef("pk"),
        state=DocumentState.ACCEPTED,
        kind__in=REQUIRED_DOCUMENTS,
    )
    rows = (
        Ngo.objects.filter(own, state=M.MEMBER, documents_due_on__isnull=False)
        .annotate(kinds=Coalesce(Subquery(_count(accepted, "kind")), Value(0)))
        .filter(kinds__lt=len(REQUIRED_DOCUMENTS))
    )
    return _row("own_documents", rows.order_by(), kinds="kinds", due_on="documents_due_on")


def _count(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    counted = ExpressionWrapper(Count(column, distinct=True), output_field=IntegerField())
    return rows.order_by().values("ngo").annotate(many=counted).values("many")


def _existing() -> QuerySet[Any]:
    """How many files of existing members wait for the manager's confirmation, as one row (N2)."""
    waiting = Ngo.objects.filter(state=M.DRAFT, claimed_since__isnull=False).exclude(claimed_number="")
    counted = waiting.order_by().values("state").annotate(many=Count("id"), since=Max("state_since"))
    return panels.work_part(
        CODE, "existing", counted, pk=Value(0), name=Value(""), since="since", many="many"
    )


def task(row: WorkRow, on: date) -> Task | None:
    """One line of the inbox; an application whose national id is wrong is not ready after all."""
    kind, pk, name, since, extra = row.part, row.pk, row.name, row.since, row.extra
    if kind == "ready" and not is_valid_national_id(extra["national_id"]):
        return None
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
            due_on=row.deadline(access.local_date(since), extra["days"]),
            since=since,
        )
    if kind == "own_documents":
        lacking = to_persian_digits(len(REQUIRED_DOCUMENTS) - extra["kinds"])
        return Task(
            DOCUMENT_TASK,
            f"تکمیل مدارک «{name}»",
            f"{lacking} مدرک هنوز پذیرفته نشده است",
            reverse("ngos:ngo_documents", args=[pk]),
            due_on=date.fromisoformat(extra["due_on"]),
            since=since,
        )
    return _draft_task(row, url)


def _draft_task(row: WorkRow, url: str) -> Task:
    """A draft: the NGO's own, one typed in by hand, or one of many read from a register (D6)."""
    register = row.extra.get("register")
    file = latin_isolated(to_persian_text(PurePath(register).stem)) if register else ""
    if register:
        detail, batch = f"از فهرست «{file}»", f"پیش‌نویس از فهرست «{file}»"
    elif row.part == "own_draft":
        detail, batch = "پرونده هنوز برای بررسی ارسال نشده است", ""
    else:
        detail, batch = "پیش‌نویسی که خود ثبت کرده‌اید", "پیش‌نویس که خود ثبت کرده‌اید"
    title = f"تکمیل و ارسال «{row.name}»"
    return Task(DRAFT_TASK, title, detail, url, since=row.since, rank=80, batch=batch)


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
panels.add_work(CODE, parts, task)
roots.register(
    Ngo,
    visible=visible_ngos,
    url=lambda ngo: reverse("ngos:ngo_detail", args=[ngo.pk]),
)
attachments_access.register(audit.type_label(Ngo), can_read_file)
