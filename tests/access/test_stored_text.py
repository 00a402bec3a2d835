"""Words that try to be markup, formulas, templates or code of the typesetter stay words wherever they are shown."""

import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from ngos.enums import OfficerPost
from ngos.models import Ngo
from ngos.operations import import_jobs, parts
from ngos.workflow import DOCUMENT
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.jobs.handlers import HANDLERS
from staff_portal.kernel.letters.issuing import revoke_letter
from staff_portal.kernel.models import AuditEntry, Letter, Notification, SavedView
from staff_portal.kernel.operations import cases, referrals
from staff_portal.kernel.workflow.holds import place_hold
from tests.access.support import body_of
from tests.factories import ngos as made
from tests.factories.access import Scene
from tests.factories.people import NOW, TODAY, make_user

SCRIPT = "<script>alert(document)</script>"
PICTURE = '"><img src=x onerror=alert(window)>'
TEMPLATE = "{{ request.user }}{% now 'Y' %}"
TYPESETTER = '#panic("x") $ x^2 ] #read("/etc/passwd")'
FORMULA = '=HYPERLINK("http://evil.example","x")'
EVIL = f"{SCRIPT} {PICTURE} {TEMPLATE}"
MARKUP = (SCRIPT, "<img src=x", "alert(document)</script>")
SEEN_AS = "&lt;script&gt;alert(document)&lt;/script&gt;"


@pytest.fixture
def evil(scene: Scene) -> Ngo:
    """A member whose every text is hostile, with the papers that hang on it."""
    registrar, reviewer, manager = (scene.others[name] for name in ("registrar", "reviewer", "manager2"))
    expert = scene.people[Role.HQ_EXPERT]
    ngo = made.member(
        registrar, reviewer, manager, name=f"{EVIL} {TYPESETTER}", about=EVIL, address=EVIL, district_id=6
    )
    parts.record_officer(
        ngo, actor=registrar, at=NOW, post=OfficerPost.CEO, full_name=EVIL, starts_on=TODAY, last_day=None
    )
    document = made.upload(ngo, "activity_report", registrar)
    type(document.attachment).objects.filter(pk=document.attachment_id).update(name=f"{EVIL}.pdf")
    document.attachment.refresh_from_db()
    DOCUMENT.apply(document, "return", actor=reviewer, at=NOW, note=EVIL)
    place_hold(ngo, reason=EVIL, source="test", actor=manager, at=NOW)
    cases.open_case(ngo, title=EVIL, detail=EVIL, url="/", role=Role.HQ_MANAGER, actor=None, at=NOW)
    referrals.refer_file(
        ngo, to_user=scene.people[Role.HQ_MANAGER], note=EVIL, due_on=None, actor=expert, at=NOW
    )
    SavedView.objects.create(owner=expert, list_name="ngos", title=EVIL[:80], query="q=1", created_at=NOW)
    entry = AuditEntry.objects.order_by("-id").first()
    Notification.objects.create(
        entry=entry, recipient=expert, text=EVIL, url="javascript:alert(name)", created_at=NOW
    )
    make_user(Role.HQ_ASSESSOR, first_name=SCRIPT, last_name=PICTURE, username="evil")
    return ngo


def _pages(ngo: Ngo, letter: Letter) -> list[str]:
    own = ("detail", "edit", "letters", "history", "documents", "grading")
    pages = [reverse(f"ngos:ngo_{name}", args=[ngo.pk]) for name in own]
    pages += [
        "/",
        "/ngos/",
        "/ngos/?q=script",
        "/search/?q=script",
        "/search/suggest/?q=script",
        "/inbox/",
        "/cases/",
    ]
    pages += [
        "/ngos/assessments/new/",
        f"/ngos/assessments/new/?ngo={ngo.pk}",
        "/audit/",
        "/users/",
        "/ngos/import/",
    ]
    pages += [
        f"/ngos/{ngo.pk}/do/suspend/",
        f"/letters/{letter.pk}/",
        f"/letters/{letter.pk}/revoke/",
        reverse("verify", args=[letter.code]),
    ]
    pages += [
        f"/refer/ngos.ngo/{ngo.pk}/",
        f"/ngos/?q={SCRIPT}",
        f"/users/?q={PICTURE}",
        f"/search/?q={PICTURE}",
    ]
    return pages + [f"/audit/?record=ngos.ngo:{ngo.pk}", f"/audit/?who={SCRIPT}", f"/login/?next={PICTURE}"]


def test_markup_stays_words_on_every_page(scene: Scene, evil: Ngo) -> None:
    letter = Letter.objects.get(root_type="ngos.ngo", root_id=evil.pk)
    revoke_letter(letter, reason=EVIL, actor=scene.others["manager2"], at=NOW, authority=None)
    shown = 0
    for person in (Role.HQ_MANAGER, Role.HQ_EXPERT, Role.ADMIN, Role.DISTRICT_HEAD, Role.AUDITOR):
        for url in _pages(evil, letter):
            text = body_of(scene.client(person).get(url))
            assert not [part for part in MARKUP if part in text], f"{person} at {url}"
            assert 'href="javascript:' not in text, url
            shown += SEEN_AS in text
    assert shown > 25
    assert "{{ request.user }}{% now" in body_of(scene.client(Role.HQ_MANAGER).get(evil.get_absolute_url()))
    for pk in Notification.objects.filter(text=EVIL).values_list("pk", flat=True):
        assert scene.client(Role.HQ_EXPERT).get(f"/inbox/{pk}/")["Location"] == "/inbox/"


def test_the_typesetter_prints_what_it_would_obey(scene: Scene, evil: Ngo) -> None:
    """A name full of its own signs is set as letters; obeyed, ``#panic`` would end without a PDF."""
    letter = Letter.objects.get(root_type="ngos.ngo", root_id=evil.pk)
    client = scene.client(Role.HQ_MANAGER)
    answered = client.get(f"/letters/{letter.pk}/pdf/")
    assert answered.status_code == 200 and b"".join(answered).startswith(b"%PDF")
    assert client.get(f"/letters/{letter.pk}/pages/1/")["Content-Type"] == "image/png"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(scene: Scene, sign: str) -> None:
    name = f"{sign}{FORMULA[1:]}"
    ngo = made.draft(scene.others["registrar"], name=name, district_id=6)
    answered = scene.client(Role.HQ_EXPERT).get("/ngos/?format=xlsx&q=HYPERLINK")
    cells = [cell for row in load_workbook(io.BytesIO(answered.content)).active.iter_rows() for cell in row]
    texts = [cell for cell in cells if ngo.name in str(cell.value)]
    assert texts and all(cell.data_type == "s" for cell in texts)


def test_hostile_cells_of_a_register_stay_words(scene: Scene) -> None:
    expert = scene.people[Role.HQ_EXPERT]
    book = Workbook()
    book.active.append(["نام سازمان", "شناسه ملی", "همراه", SCRIPT])
    book.active.append([SCRIPT, PICTURE, EVIL, TEMPLATE])
    book.active.append([FORMULA[1:], "12", "x", "y"])
    target = io.BytesIO()
    book.save(target)
    kept = import_jobs.stage_register(ContentFile(target.getvalue(), name="evil.xlsx"), actor=expert, at=NOW)
    found = import_jobs.receive_register(kept, sheet="", on=TODAY, actor=expert, at=NOW)
    HANDLERS[import_jobs.CHECK_JOB](found.check_job, lambda done, total, message="": None, at=NOW)
    text = body_of(scene.client(Role.HQ_EXPERT).get(reverse("ngos:import_detail", args=[found.pk])))
    assert not [part for part in MARKUP if part in text]
    assert SEEN_AS in text
    assert (
        scene.client(Role.HQ_EXPERT).get(reverse("ngos:import_rejected", args=[found.pk])).status_code == 200
    )


def test_a_file_of_a_page_is_saved_and_not_opened(scene: Scene) -> None:
    """A page that is called a picture is refused; what is stored cannot act on this site."""
    client = scene.client(Role.HQ_EXPERT)
    for name in ("evil.html", "evil.svg", "evil.png", "evil.pdf"):
        sent = client.post("/attachments/stage/", {"file": ContentFile(SCRIPT.encode(), name=name)})
        assert sent.status_code == 409, name
    answered = client.get(reverse("attachment", args=[scene.key("attachment")]))
    assert "default-src 'none'" in answered["Content-Security-Policy"]
    assert answered["X-Content-Type-Options"] == "nosniff"
