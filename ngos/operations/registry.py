"""Registering NGOs and keeping their files (N1): the one door for page, import, command and demo data."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ngos import events, rules
from ngos.enums import MembershipState
from ngos.models import Licence, Ngo, Officer
from ngos.operations.ngo_data import COLUMNS, LicenceData, NgoData, normalised
from ngos.similarity import name_core
from staff_portal.kernel import audit, constraints
from staff_portal.kernel.access import Authority, local_date
from staff_portal.kernel.models import User
from staff_portal.kernel.periods import period
from staff_portal.kernel.persian import identifiers
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.persian.search import compact_fold, search_fold, sort_key
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.workflow.writing import settle_later

DERIVED = ("name_core", "sort_key", "search_text")
_STORED = {column.name for column in Ngo._meta.concrete_fields} - {"id", "version"}


def register_ngo(*, actor: User, at: datetime, data: NgoData) -> Ngo:
    """Register an NGO as a draft (N1). A national id that is there already is refused, naming the file."""
    authority, why_not = rules.REGISTER_NGO.decide(actor, None, local_date(at))
    if authority is None:
        raise NotPermitted(why_not)
    clean = normalised(data)
    twin = Ngo.objects.filter(national_id=clean.national_id).first()
    if twin is not None:
        raise Refusal(f"سمنی با این شناسه ملی پیش از این ثبت شده است: «{twin.name}».")
    try:
        with transaction.atomic():
            return register_many([clean], actor=actor, at=at, authority=authority)[0]
    except IntegrityError as error:
        raise Refusal(constraints.sentence_for(error)) from error


def register_many(
    batch: list[NgoData],
    *,
    actor: User,
    at: datetime,
    authority: Authority,
    event: Any = events.NGO_REGISTERED,
) -> list[Ngo]:
    """The batch form of :func:`register_ngo` for data already normalised and free of duplicates.

    Call it in a transaction; it writes all rows or none. One audit entry for each NGO (K4).
    """
    ngos = [_new_ngo(data, actor, at) for data in batch]
    Ngo.objects.bulk_create(ngos)
    _link_fields(zip(ngos, batch, strict=True))
    Licence.objects.bulk_create(
        new_licence(ngo, data.licence, actor, at)
        for ngo, data in zip(ngos, batch, strict=True)
        if data.licence is not None
    )
    Officer.objects.bulk_create(
        new_ceo(ngo, data, actor, at) for ngo, data in zip(ngos, batch, strict=True) if data.ceo_name
    )
    audit.record_many(
        [audit.EntryDraft(event, ngo, after=audit.snapshot(ngo)) for ngo in ngos],
        actor=actor,
        at=at,
        authority=authority,
    )
    settle_later(*ngos, actor=actor, at=at)
    return ngos


def _new_ngo(data: NgoData, actor: User, at: datetime) -> Ngo:
    ngo = Ngo(
        state=MembershipState.DRAFT,
        state_since=at,
        registered_by=actor,
        registered_at=at,
        **{name: getattr(data, name) for name in COLUMNS},
        target_groups=list(data.target_groups),
        primary_field_id=data.field_ids[0] if data.field_ids else None,
    )
    derive(ngo, ceo_name=data.ceo_name)
    return ngo


def new_licence(ngo: Ngo, data: LicenceData, actor: User, at: datetime) -> Licence:
    return Licence(ngo=ngo, recorded_by=actor, recorded_at=at, **data.__dict__)


def new_ceo(ngo: Ngo, data: NgoData, actor: User, at: datetime) -> Officer:
    return Officer(
        ngo=ngo,
        post="ceo",
        full_name=data.ceo_name,
        name_folded=search_fold(data.ceo_name),
        term=period(local_date(at)),
        recorded_by=actor,
        recorded_at=at,
    )


def derive(ngo: Ngo, *, ceo_name: str | None = None) -> None:
    """Fill the folded columns that searching and sorting use."""
    ngo.name_core = name_core(ngo.name)
    ngo.sort_key = sort_key(ngo.name)
    if ceo_name is None and ngo.pk is not None:
        ceo_name = (
            Officer.objects.filter(ngo=ngo, post="ceo")
            .order_by("-id")
            .values_list("full_name", flat=True)
            .first()
        )
    parts = (
        search_fold(ngo.name),
        compact_fold(ngo.name),
        ngo.national_id,
        ngo.registration_number,
        search_fold(ngo.membership_number or ngo.claimed_number),
        search_fold(ceo_name or ""),
        ngo.phone,
    )
    ngo.search_text = " ".join(part for part in parts if part)


@transaction.atomic
def update_ngo(ngo: Ngo, *, actor: User, at: datetime, data: NgoData, version: int) -> Ngo:
    """Change an NGO's data; refused with the other person's name when the file changed meanwhile.

    ``version`` is the one the person saw. National id and claimed membership stay as they are once the NGO
    is a member.
    """
    locked = _locked(ngo)
    authority, why_not = rules.EDIT_NGO.decide(actor, locked, local_date(at))
    if authority is None:
        raise NotPermitted(why_not)
    if locked.version != version:
        raise Refusal(_changed_meanwhile(locked))
    clean = normalised(data)
    if locked.membership_number and clean.national_id != locked.national_id:
        raise Refusal("شناسه ملی عضو تغییر نمی‌کند.")
    if Ngo.objects.filter(national_id=clean.national_id).exclude(pk=locked.pk).exists():
        raise Refusal("سمن دیگری با این شناسه ملی ثبت شده است.")
    change_many([(locked, clean)], actor=actor, at=at, authority=authority)
    return locked


def change_many(
    batch: list[tuple[Ngo, NgoData]],
    *,
    actor: User,
    at: datetime,
    authority: Authority,
    ceo_names: Mapping[int, str] | None = None,
) -> None:
    """The batch form of :func:`update_ngo` for rows that are locked, checked and normalised already.

    Call it in a transaction. One audit entry with before and after for each NGO whose data differ (K4);
    ``ceo_names`` gives by NGO what the search text is to hold, where it is known.
    """
    ngos = [ngo for ngo, _ in batch]
    old_fields = field_ids_of(ngos)
    drafts = []
    for ngo, data in batch:
        before = audit.snapshot(ngo) | {"fields": sorted(old_fields[ngo.pk])}
        for name in COLUMNS:
            setattr(ngo, name, getattr(data, name))
        ngo.target_groups = list(data.target_groups)
        ngo.primary_field_id = data.field_ids[0] if data.field_ids else None
        derive(ngo, ceo_name=(ceo_names or {}).get(ngo.pk))
        old, new = audit.difference(before, audit.snapshot(ngo) | {"fields": sorted(data.field_ids)})
        ngo.version += 1
        if new:
            drafts.append(audit.EntryDraft(events.NGO_CHANGED, ngo, before=old, after=new))
    if len(ngos) == 1:
        ngos[0].save()
    else:
        changed = {name for draft in drafts for name in draft.after if name in _STORED}
        Ngo.objects.bulk_update(ngos, [*sorted(changed), *DERIVED, "version"])
    moved = [(ngo, data) for ngo, data in batch if set(data.field_ids) != old_fields[ngo.pk]]
    Ngo.fields.through.objects.filter(ngo__in=[ngo for ngo, _ in moved]).delete()
    _link_fields(moved)
    audit.record_many(drafts, actor=actor, at=at, authority=authority)
    settle_later(*ngos, actor=actor, at=at)


def field_ids_of(ngos: Iterable[Ngo]) -> dict[int, set[int]]:
    """The fields of activity of several NGOs, in one query."""
    found: dict[int, set[int]] = {ngo.pk: set() for ngo in ngos}
    for ngo_id, pk in Ngo.fields.through.objects.filter(ngo__in=found).values_list(
        "ngo_id", "activityfield_id"
    ):
        found[ngo_id].add(pk)
    return found


def _link_fields(batch: Iterable[tuple[Ngo, NgoData]]) -> None:
    links = Ngo.fields.through
    links.objects.bulk_create(
        links(ngo_id=ngo.pk, activityfield_id=pk) for ngo, data in batch for pk in data.field_ids
    )


def _locked(ngo: Ngo) -> Ngo:
    """The file, so that nothing else moves what waits in it meanwhile."""
    return Ngo.objects.select_for_update(of=("self",), no_key=True).get(pk=ngo.pk)


def _changed_meanwhile(ngo: Ngo) -> str:
    from staff_portal.kernel.models import AuditEntry

    last = (
        AuditEntry.objects.filter(subject_type=audit.type_label(ngo), subject_id=ngo.pk, event="ngo.changed")
        .order_by("-id")
        .first()
    )
    who = f"{last.actor_label} " if last else ""
    return (
        f"{who}این پرونده را در همین فاصله تغییر داده است. نوشته‌های شما این‌جا مانده است؛ "
        "آن‌ها را با داده‌های تازه بسنجید و دوباره ذخیره کنید."
    )


@transaction.atomic
def record_licence(ngo: Ngo, *, actor: User, at: datetime, data: LicenceData) -> Licence:
    """Add a licence to the file; an NGO may hold several."""
    authority, why_not = rules.EDIT_NGO.decide(actor, ngo, local_date(at))
    if authority is None:
        raise NotPermitted(why_not)
    if data.valid_from is not None and data.valid_from > data.valid_until:
        raise Refusal("آغاز اعتبار پروانه پس از پایان آن است؛ تاریخ‌ها را درست کنید.")
    licence = new_licence(_locked(ngo), data, actor, at)
    try:
        with transaction.atomic():
            licence.save()
    except IntegrityError as error:
        raise Refusal(constraints.sentence_for(error)) from error
    audit.record(
        events.LICENCE_RECORDED,
        licence,
        actor=actor,
        at=at,
        authority=authority,
        after=audit.snapshot(licence),
        root=ngo,
    )
    settle_later(ngo, actor=actor, at=at)
    return licence


@transaction.atomic
def record_officer(
    ngo: Ngo,
    *,
    actor: User,
    at: datetime,
    post: str,
    full_name: str,
    starts_on: date,
    last_day: date | None = None,
    national_code: str = "",
    mobile: str = "",
) -> Officer:
    """Add a board member, CEO or inspector for a term."""
    authority, why_not = rules.EDIT_NGO.decide(actor, ngo, local_date(at))
    if authority is None:
        raise NotPermitted(why_not)
    if last_day is not None and last_day < starts_on:
        raise Refusal("پایان دوره پیش از آغاز آن است؛ تاریخ‌ها را درست کنید.")
    try:
        code = identifiers.normalise_national_code(national_code) if national_code else ""
        phone = identifiers.normalise_mobile(mobile) if mobile else ""
    except identifiers.IdentifierError as error:
        raise Refusal(error.sentence) from error
    name = clean_text(full_name)
    if not name:
        raise Refusal("نام و نام خانوادگی را بنویسید.")
    term = period(starts_on, last_day)
    folded = search_fold(name)
    _locked(ngo)
    if Officer.objects.filter(ngo=ngo, post=post, name_folded=folded, term__overlap=term).exists():
        raise Refusal("همین شخص با همین سمت در این دوره ثبت شده است.")
    officer = Officer.objects.create(
        ngo=ngo,
        post=post,
        full_name=name,
        name_folded=folded,
        national_code=code,
        mobile=phone,
        term=term,
        recorded_by=actor,
        recorded_at=at,
    )
    if post == "ceo":
        derive(ngo, ceo_name=name)
        ngo.save(update_fields=["search_text"])
    audit.record(
        events.OFFICER_RECORDED,
        officer,
        actor=actor,
        at=at,
        authority=authority,
        after=audit.snapshot(officer),
        root=ngo,
    )
    settle_later(ngo, actor=actor, at=at)
    return officer


@transaction.atomic
def end_officer_term(officer: Officer, *, actor: User, at: datetime, last_day: date) -> Officer:
    """End an officer's term; the record stays."""
    authority, why_not = rules.EDIT_NGO.decide(actor, officer.ngo, local_date(at))
    if authority is None:
        raise NotPermitted(why_not)
    if last_day < officer.term.lower:
        raise Refusal("پایان دوره پیش از آغاز آن است؛ تاریخ را درست کنید.")
    _locked(officer.ngo)
    before = audit.snapshot(officer, ["term"])
    officer.term = period(officer.term.lower, last_day)
    officer.save(update_fields=["term"])
    audit.record(
        events.OFFICER_ENDED,
        officer,
        actor=actor,
        at=at,
        authority=authority,
        before=before,
        after=audit.snapshot(officer, ["term"]),
        root=officer.ngo,
    )
    settle_later(officer.ngo, actor=actor, at=at)
    return officer
