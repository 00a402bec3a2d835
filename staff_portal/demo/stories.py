"""What happens to the demo's NGOs: every state of membership and assessment is represented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from ngos.enums import REQUIRED_DOCUMENTS, DocumentKind, OfficerPost, TargetGroup
from ngos.models import MembershipDecision, Ngo, NgoDocument
from ngos.operations import parts, registry
from ngos.operations.ngo_data import LicenceData, NgoData
from ngos.workflow import DECISION, DOCUMENT, MEMBERSHIP
from staff_portal.demo import names
from staff_portal.demo.schedule import Clock, Story
from staff_portal.kernel.letters.attachments import stage_file
from staff_portal.kernel.models import ActivityField, District, User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import jalali_year
from staff_portal.kernel.workflow.writing import whole

# how many NGOs the districts have beside one another: the centre and the north more than the edges
DISTRICT_WEIGHTS = (4, 6, 6, 5, 5, 9, 6, 3, 2, 3, 7, 8, 2, 4, 3, 4, 2, 2, 1, 3, 1, 2)

LATE_REPORT = "گزارش مالی سال گذشته با وجود دو یادآوری فرستاده نشده است."
PAPER = "۱۴۰۵/۲۱۷"
GOES_ON = {"reject", "suspend", "end"}
AT_OWN_WISH = "به درخواست سمن و با نامه هیئت‌مدیره."
UNRELATED = "موضوع پروانه با حوزه‌های ستاد سمن‌ها پیوندی ندارد."


@dataclass
class World:
    """What the stories share: people, time, chance, and the places and fields of the city."""

    people: dict[str, User]
    clock: Clock
    random: Random
    fields: dict[str, ActivityField]
    districts: list[District]
    members: list[Ngo]

    def expert_pair(self, number: int) -> tuple[User, User]:
        """Who registers and who reviews, taking turns."""
        pair = (self.people["hq.expert"], self.people["hq.expert2"])
        return pair if number % 2 == 0 else (pair[1], pair[0])

    @property
    def manager(self) -> User:
        return self.people["hq.manager"]


@dataclass(frozen=True)
class Plan:
    """How far one NGO gets: ``until`` names the last step, ``days_ago`` when its story begins."""

    number: int
    until: str
    days_ago: int


def ngo_data(world: World, number: int, *, claimed: bool = False) -> NgoData:
    """The invented data of one NGO."""
    random = world.random
    code = list(names.TOPICS)[number % len(names.TOPICS)]
    kind = random.choice(names.KINDS)
    topic = random.choice(names.TOPICS[code])
    name = f"{kind.label} {random.choice(names.DOERS)} {topic} {names.MARKS[number % len(names.MARKS)]}"
    if number >= len(names.MARKS) * len(names.TOPICS):
        name = f"{name} {to_persian_digits(str(number))}"
    district = random.choices(world.districts, weights=DISTRICT_WEIGHTS)[0]
    neighbourhood = random.choice(list(district.neighbourhoods.all()))
    others = random.sample([key for key in names.TOPICS if key != code], k=random.choice((0, 0, 1, 2)))
    licensor, place = random.choice(names.LICENSORS)
    on = world.clock.on
    return NgoData(
        name=name,
        national_id=names.national_id(number),
        legal_kind=kind,
        registration_number=str(random.randrange(1000, 60000)),
        registration_office=names.OFFICE,
        registered_on=on - timedelta(days=random.randrange(900, 6000)),
        phone=names.landline(random),
        mobile=f"0912{random.randrange(10**7):07d}",
        email=f"info@ngo{number:04d}.example",
        postal_code=names.postal_code(random),
        address=f"تهران، {neighbourhood.name}، خیابان {random.choice(names.MARKS)}، پلاک {to_persian_digits(str(random.randrange(2, 220)))}",
        district_id=district.pk,
        neighbourhood_id=neighbourhood.pk,
        field_ids=tuple(world.fields[key].pk for key in (code, *others)),
        target_groups=tuple(str(group) for group in random.sample(list(TargetGroup), k=2)),
        staff_count=random.randrange(1, 25),
        volunteer_count=random.randrange(10, 800),
        about=f"این سمن در زمینه {topic} کار می‌کند و با داوطلبان محله برنامه‌های خود را پیش می‌برد.",
        claimed_number=f"{jalali_year(on) - 3}/{number + 1000:04d}" if claimed else "",
        claimed_since=on - timedelta(days=900 + number) if claimed else None,
        licence=LicenceData(
            licensor=licensor,
            licensor_place=place,
            number=f"{random.randrange(10, 999)}/{random.randrange(100, 9999)}",
            scope="provincial",
            valid_from=on - timedelta(days=420),
            valid_until=on + timedelta(days=random.randrange(20, 700)),
        ),
        ceo_name=names.person(random),
    )


def application(world: World, plan: Plan) -> Story:
    """One NGO from registration as far as ``plan.until`` says."""
    day = plan.days_ago
    registrar, reviewer = world.expert_pair(plan.number)
    hour = 8 + plan.number % 7
    yield world.clock.at(day, hour, plan.number % 50)
    data = ngo_data(world, plan.number, claimed=plan.until == "existing")
    ngo = registry.register_ngo(actor=registrar, at=world.clock.at(day, hour, plan.number % 50), data=data)
    if plan.until in {"draft", "claimed"}:
        return
    if plan.until == "existing":
        yield world.clock.at(max(day - 2, 0), 11)
        _apply(world, ngo, "confirm_existing", world.manager, world.clock.at(max(day - 2, 0), 11))
        world.members.append(ngo)
        return
    yield from _file(world, ngo, registrar, reviewer, day, complete=plan.until != "submitted")
    for step, actor, after, note in _steps(world, plan, registrar, reviewer):
        if step == "hand_over" and not ngo.decisions.exists():
            continue
        moment = world.clock.at(max(day - after, 0), 9 + after % 6, plan.number % 60)
        yield moment
        _apply(world, ngo, step, actor, moment, note)
        if step == plan.until and step not in GOES_ON:
            break
    ngo.refresh_from_db()
    if ngo.state == "member":
        world.members.append(ngo)


def _steps(world: World, plan: Plan, registrar: User, reviewer: User) -> list[tuple[str, User, int, str]]:
    """(transition, actor, days after registration, note) on the way to the plan's end."""
    manager = world.manager
    way = [("submit", registrar, 2, ""), ("take_up", reviewer, 4, "")]
    if plan.until == "send_back":
        return [
            *way,
            ("send_back", reviewer, 6, "تصویر آگهی تغییرات خوانا نیست؛ نسخه خوانای آن را بارگذاری کنید."),
        ]
    if plan.until == "reject":
        return [*way, ("reject", manager, 9, UNRELATED), ("hand_over", registrar, 12, "")]
    way.append(("approve", manager, 9, ""))
    if plan.until == "suspend":
        if plan.number % 2 == 0:  # heard first; the other one is urgent
            way.append(("propose_suspension", reviewer, 30, LATE_REPORT))
            way.append(("answer", registrar, 36, "گزارش تا پایان ماه فرستاده می‌شود."))
        way += [("suspend", manager, 60, LATE_REPORT), ("hand_over", registrar, 63, "")]
        if plan.number % 2 == 1:
            way.append(("object", registrar, 70, "گزارش در مهلت به دبیرخانه داده شده است."))
    if plan.until == "end":
        way += [("end", manager, 80, _ground_of_end(plan)), ("hand_over", registrar, 83, "")]
    return way


def _ground_of_end(plan: Plan) -> str:
    return AT_OWN_WISH if plan.number % 2 == 0 else "سمن در سه سال گذشته فعالیتی نداشته است."


def _file(world: World, ngo: Ngo, registrar: User, reviewer: User, day: int, *, complete: bool) -> Story:
    """Board, then documents; a complete file has all of them accepted by the other expert."""
    yield world.clock.at(day, 15)
    at = world.clock.at(day, 15)
    random = world.random
    with whole(registrar, at):
        for post in (OfficerPost.CHAIR, OfficerPost.BOARD, OfficerPost.TREASURER, OfficerPost.INSPECTOR):
            parts.record_officer(
                ngo,
                actor=registrar,
                at=at,
                post=post,
                full_name=names.person(random),
                starts_on=local_date(at) - timedelta(days=200),
                last_day=local_date(at) + timedelta(days=900),
                national_code=names.national_code(random),
            )
    kinds = list(REQUIRED_DOCUMENTS) if complete else list(REQUIRED_DOCUMENTS)[: random.randrange(3, 6)]
    at = world.clock.at(max(day - 1, 0), 9)
    yield at
    with whole(registrar, at):
        uploaded = [_upload(ngo, kind, registrar, at) for kind in kinds]
    at = world.clock.at(max(day - 1, 0), 13)
    yield at
    with whole(reviewer, at):
        for document in uploaded if complete else uploaded[:2]:
            DOCUMENT.apply(document, "accept", actor=reviewer, at=at)


def _upload(ngo: Ngo, kind: str, actor: User, at: datetime) -> NgoDocument:
    text = f"{DocumentKind(kind).value} {ngo.national_id}"
    upload = SimpleUploadedFile(
        f"{DocumentKind(kind).label}.pdf", small_pdf(text), content_type="application/pdf"
    )
    attachment = stage_file(upload, actor=actor, at=at)
    return DOCUMENT.apply(ngo, "upload", actor=actor, at=at, kind=kind, attachment=attachment)


def small_pdf(text: str) -> bytes:
    """A readable one-page PDF with a line of ASCII text."""
    stream = f"BT /F1 18 Tf 72 760 Td ({text}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + trailer


def _apply(world: World, ngo: Ngo, step: str, actor: User, at: datetime, note: str = "") -> None:
    asked: dict[str, Any] = {}
    if step in {"answer", "object", "hand_over"}:
        _decide(ngo, step, actor, at, note)
        return
    if step == "send_back":
        asked["missing"] = [str(DocumentKind.CHANGE_NOTICE.label)]
    if step == "end":
        asked["requested"] = note == AT_OWN_WISH
    MEMBERSHIP.apply(ngo, step, actor=actor, at=at, note=note, **asked)


def _decide(ngo: Ngo, step: str, actor: User, at: datetime, note: str) -> None:
    """A step on the decision of the file, by HQ with the NGO's paper (X6) or with its receipt."""
    decision = MembershipDecision.objects.filter(ngo=ngo).latest("id")
    if step == "hand_over":
        day = local_date(at)
        DECISION.apply(decision, step, actor=actor, at=at, delivered_on=day, delivery="پست سفارشی")
    else:
        DECISION.apply(decision, step, actor=actor, at=at, note=note, paper=PAPER)
