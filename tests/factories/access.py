"""The people and records of the access matrix, each made through the operations."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from openpyxl import Workbook

from ngos.certificate import CERTIFICATE
from ngos.enums import DocumentKind, OfficerPost
from ngos.exports import REGISTER_JOB
from ngos.models import Assessment, Indicator, MembershipDecision, Ngo, Officer
from ngos.operations import frameworks, import_jobs, parts
from ngos.operations.accounts import link_account
from ngos.operations.assessing import save_scores
from ngos.operations.sheets import ScoreData
from ngos.workflow import DECISION, DOCUMENT, MEMBERSHIP
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.jobs import running
from staff_portal.kernel.jobs.handlers import HANDLERS
from staff_portal.kernel.letters.contracts import OfficialLetterData
from staff_portal.kernel.letters.issuing import LETTER_KINDS, Head, LetterKind, issue_letter
from staff_portal.kernel.models import (
    AuditEntry,
    Holiday,
    Letter,
    Notification,
    RoleAssignment,
    SavedView,
    Secrecy,
    Unit,
    User,
)
from staff_portal.kernel.operations import cases, referrals
from staff_portal.kernel.people.access import Authority
from tests.access.matrix import PEOPLE
from tests.access.matrix.scene import NOBODY, STRANGER
from tests.factories import ngos as made
from tests.factories.access_committee import build_committee
from tests.factories.access_committee_work import build_work
from tests.factories.people import NOW, TODAY, delegate, make_user

BACKEND = "django.contrib.auth.backends.ModelBackend"
#: Words that stand in one NGO's name each and nowhere else: where one is read, that NGO was shown.
NAMES = {
    "member": "سمن عضو ارغوان",
    "foreign": "سمن عضو ریواس",
    "draft": "سمن پیش‌نویس شقایق",
    "hidden": "سمن پنهان آزمون",
    "submitted": "سمن ارسال‌شده زنبق",
    "under_review": "سمن بررسی آویشن",
    "awaiting_ngo": "سمن سطح نسترن",
    "free": "سمن بی‌سطح لادن",
    "claimed": "سمن پیشین یاسمن",
    "suspended": "سمن تعلیق‌شده پونه",
}
CODES = {"member": "0499370899", "foreign": "0790419904"}
MOBILES = {"member": "09121234567", "foreign": "09351234567"}
NGO_MOBILES = {"member": "09127654321", "foreign": "09357654321"}
COLLEAGUES_MOBILE = "09171234567"
SECRET_NOTE = "یادداشت پنهان ارزیاب دوم"
KIND = LetterKind(slug="test-confidential", code="آ", label="نامه محرمانه", template="letter")


@dataclass
class Scene:
    """Who and what the matrix speaks of, with a signed-in browser for each person."""

    people: dict[str, User] = field(default_factory=dict)
    others: dict[str, User] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, person: str) -> Client:
        """A browser with the person's session and nothing else in it."""
        if person not in self.sessions:
            made_now = client_of(self.people.get(person))
            cookie = made_now.cookies.get(settings.SESSION_COOKIE_NAME)
            self.sessions[person] = cookie.value if cookie else ""
        client = Client()
        if self.sessions[person]:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return client

    def key(self, name: str) -> Any:
        """The primary key (or code) that stands in an address for a thing."""
        thing = self.things[name]
        return getattr(thing, "pk", thing)


def client_of(user: User | None, **options: Any) -> Client:
    """A browser in which the person is signed in; nobody for None."""
    client = Client(**options)
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def build() -> Scene:
    """The whole scene, at :data:`NOW`."""
    scene = Scene()
    _people(scene)
    _registry(scene)
    _grading(scene)
    _papers(scene)
    _ground(scene)
    build_work(scene, build_committee(scene))
    return scene


def _people(scene: Scene) -> None:
    unit = Unit.objects.create(
        title="سازمان آزمون", kind="organisation", period=period(TODAY - timedelta(days=900), None)
    )
    for role in PEOPLE:
        if role == STRANGER:
            continue
        code = None if role == NOBODY else role
        scope = {Role.UNIT_EXPERT: unit.pk, Role.REGION_OFFICER: 6, Role.DISTRICT_HEAD: 6}.get(role, 0)
        scene.people[role] = make_user(code, scope_id=scope, username=f"matrix.{role}")
    for name, role in {
        "registrar": Role.HQ_EXPERT,
        "reviewer": Role.HQ_EXPERT,
        "manager2": Role.HQ_MANAGER,
        "assessor2": Role.HQ_ASSESSOR,
        "assessor3": Role.HQ_ASSESSOR,
        "assessor4": Role.HQ_ASSESSOR,
        "ngo_user2": Role.NGO_USER,
    }.items():
        scene.others[name] = make_user(role, username=f"other.{name}")
    scene.others["district14"] = make_user(Role.DISTRICT_HEAD, scope_id=14, username="other.district14")


def _officer(scene: Scene, ngo: Ngo, key: str) -> Officer:
    return parts.record_officer(
        ngo,
        actor=scene.others["registrar"],
        at=NOW,
        post=OfficerPost.BOARD,
        full_name="سهراب نمونه",
        national_code=CODES[key],
        mobile=MOBILES[key],
        starts_on=TODAY - timedelta(days=100),
    )


def _registry(scene: Scene) -> None:
    registrar, reviewer, manager = (scene.others[name] for name in ("registrar", "reviewer", "manager2"))
    at = NOW - timedelta(days=1)

    def member(key: str, district: int, **more: Any) -> Ngo:
        return made.member(registrar, reviewer, manager, at=at, name=NAMES[key], district_id=district, **more)

    things = scene.things
    things["member"] = member("member", 6, mobile=NGO_MOBILES["member"])
    things["foreign"] = member("foreign", 14, mobile=NGO_MOBILES["foreign"])
    things["awaiting_ngo"] = member("awaiting_ngo", 14)
    things["free"] = member("free", 14)
    things["claimed"] = made.draft(
        registrar, at=at, name=NAMES["claimed"], district_id=14, claimed_number="۱۳۹۹/۷", claimed_since=TODAY
    )
    things["draft"] = made.draft(registrar, at=at, name=NAMES["draft"], district_id=6)
    things["hidden"] = made.draft(registrar, at=at, name=NAMES["hidden"], district_id=14)
    things["submitted"] = made.draft(registrar, at=at, name=NAMES["submitted"], district_id=6)
    made.complete(things["submitted"], registrar=registrar, reviewer=reviewer, at=at)
    MEMBERSHIP.apply(things["submitted"], "submit", actor=registrar, at=at)
    things["under_review"] = made.under_review(
        registrar, reviewer, at=at, name=NAMES["under_review"], district_id=6
    )
    for key in ("member", "foreign"):
        officer = _officer(scene, things[key], key)
        user = scene.people[Role.NGO_USER] if key == "member" else scene.others["ngo_user2"]
        account = link_account(
            things[key],
            actor=registrar,
            at=at,
            user=user,
            letter_reference="۱۲/۳",
            starts_on=TODAY - timedelta(days=50),
        )
        document = DOCUMENT.apply(
            things[key],
            "upload",
            actor=registrar,
            at=at,
            kind=DocumentKind.ACTIVITY_REPORT,
            attachment=made.staged_pdf(registrar, f"سند {NAMES[key]}.pdf", at=at),
        )
        if key == "member":
            things |= {"officer": officer, "account": account, "document": document}
            things["attachment"] = document.attachment
        else:
            things |= {"foreign_officer": officer, "foreign_account": account, "foreign_document": document}
            things["foreign_attachment"] = document.attachment
    _decisions(scene, member("suspended", 14))
    things["view"] = SavedView.objects.create(
        owner=scene.people[Role.HQ_EXPERT], list_name="ngos", title="نمای من", query="q=1", created_at=NOW
    )
    expert = scene.people[Role.HQ_EXPERT]
    kept = import_jobs.stage_register(_register(), actor=expert, at=at)
    found = import_jobs.receive_register(kept, sheet="", on=TODAY, actor=expert, at=at)
    HANDLERS[import_jobs.CHECK_JOB](found.check_job, lambda done, total, message="": None, at=at)
    found.refresh_from_db()
    things |= {"checked_import": found, "import_file": kept}


def _decisions(scene: Scene, ngo: Ngo) -> None:
    """A proposal that was set aside, and a suspension whose letter is not delivered yet."""
    things, expert, manager = scene.things, scene.others["registrar"], scene.others["manager2"]
    at = NOW - timedelta(hours=20)
    MEMBERSHIP.apply(things["member"], "propose_suspension", actor=expert, at=at, note="گزارش نرسیده است")
    proposal = MembershipDecision.objects.get(ngo=things["member"])
    things["proposal"] = DECISION.apply(proposal, "drop", actor=manager, at=at, note="گزارش رسید")
    things["suspended"] = MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=at, note="گزارش خلاف واقع")
    things["decision"] = MembershipDecision.objects.get(ngo=ngo)


def _register() -> ContentFile:
    book = Workbook()
    book.active.append(["نام سازمان", "شناسه ملی", "همراه", "منطقه"])
    book.active.append(["انجمن واردشده آزمون", made.national_id(), "09131234567", 3])
    book.active.append(["انجمن نادرست آزمون", "123", "0913123456", 3])
    target = io.BytesIO()
    book.save(target)
    return ContentFile(target.getvalue(), name="register.xlsx")


def _grading(scene: Scene) -> None:
    things, others = scene.things, scene.others
    things["framework"] = made.published(others["registrar"], others["manager2"])
    things["framework_draft"] = frameworks.create_framework(
        actor=others["registrar"], at=NOW, title="پیش‌نویس پنهان", spec=made.small_spec()
    )
    things["indicator"] = Indicator.objects.filter(dimension__framework=things["framework_draft"]).first()
    first = scene.people[Role.HQ_ASSESSOR]
    sheet: dict[str, int | None] = {"g1": 3, "g2": 3, "f1": 3}
    things["scoring"] = made.scoring(things["member"], others["registrar"], [first, others["assessor2"]])
    secret = Indicator.objects.get(dimension__framework=things["framework"], code="g2")
    save_scores(
        things["scoring"],
        actor=others["assessor2"],
        at=NOW,
        scores=[ScoreData(secret.pk, 3, False, SECRET_NOTE)],
    )
    made.score(things["scoring"], others["assessor2"], {"g1": 3, "f1": 3})
    keys = Indicator.objects.filter(dimension__framework=things["framework"]).values_list("pk", flat=True)
    save_scores(things["scoring"], actor=first, at=NOW, scores=[ScoreData(pk, 2, False) for pk in keys])
    pair = [others["assessor3"], others["assessor4"]]
    for key, ngo, second in (("moderation", "foreign", 0), ("awaiting", "awaiting_ngo", 3)):
        things[key] = made.scoring(things[ngo], others["registrar"], pair)
        made.score(things[key], pair[0], sheet)
        made.score(things[key], pair[1], sheet | {"g2": second})
        things[key] = Assessment.objects.get(pk=things[key].pk)
    things["score_indicator"] = secret


def _letter(ngo: Ngo, actor: User) -> Letter:
    def content(head: Head) -> OfficialLetterData:
        return OfficialLetterData(
            **head.fields(),
            addressee_name="جناب آقای نمونه",
            addressee_post="مدیرعامل محترم",
            subject="نامه محرمانه",
            references=(),
            paragraphs=("متن محرمانه",),
            copies=(),
        )

    LETTER_KINDS.setdefault(KIND.slug, KIND)
    with transaction.atomic():
        return issue_letter(
            kind=KIND,
            build=content,
            subject="نامه محرمانه",
            root=ngo,
            public_facts=[],
            actor=actor,
            at=NOW,
            authority=Authority(Role.HQ_MANAGER),
            secrecy=Secrecy.CONFIDENTIAL,
        )


def _papers(scene: Scene) -> None:
    things = scene.things
    for key, ngo in (("certificate", "member"), ("foreign_certificate", "foreign")):
        things[key] = Letter.objects.get(root_type="ngos.ngo", root_id=things[ngo].pk, kind=CERTIFICATE.slug)
    things["code"] = things["certificate"].code
    things["confidential"] = _letter(things["member"], scene.others["manager2"])
    expert = scene.people[Role.HQ_EXPERT]
    things["staged"] = made.staged_pdf(expert)
    things["job"] = running.start_job(
        REGISTER_JOB, title="اکسل فهرست", owner=expert, params={"filters": {}, "sort": ""}, at=NOW
    )


def _ground(scene: Scene) -> None:
    things, people = scene.things, scene.people
    colleague = make_user(Role.HQ_EXPERT, username="other.colleague", mobile=COLLEAGUES_MOBILE)
    things["account_user"] = colleague
    things["closed_user"] = make_user(None, username="other.closed", is_active=False)
    things["assignment"] = RoleAssignment.objects.get(user=colleague)
    admin = make_user(Role.ADMIN, username="other.admin")
    for key, role, side in (
        ("grant_hq", Role.SECRETARY, "hq"),
        ("grant_deputy", Role.DEPUTY_EXPERT, "deputy"),
    ):
        person = make_user(None, username=f"other.{key}", side=side)
        things[key] = RoleAssignment.objects.create(
            user=person, role=role, period=things["assignment"].period, granted_by=admin, granted_at=NOW
        )
    things["delegation"] = delegate(
        people[Role.HQ_MANAGER], make_user(None, username="other.delegate"), Role.HQ_MANAGER
    )
    things["referral"] = referrals.refer_file(
        things["member"],
        to_user=people[Role.HQ_MANAGER],
        note="بررسی شود.",
        due_on=None,
        actor=people[Role.HQ_EXPERT],
        at=NOW,
    )
    things["case"] = cases.open_case(
        things["foreign"],
        title="موضوع آزمون",
        url=things["foreign"].get_absolute_url(),
        role=Role.HQ_MANAGER,
        actor=None,
        at=NOW,
    )
    things["holiday"] = Holiday.objects.create(
        day=TODAY + timedelta(days=90), title="تعطیل آزمون", created_at=NOW
    )
    entry = AuditEntry.objects.order_by("-id").first()
    things["notification"] = Notification.objects.create(
        entry=entry, recipient=people[Role.HQ_EXPERT], text="اعلان", url="/ngos/", created_at=NOW
    )
