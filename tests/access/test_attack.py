"""What a person with few powers and bad intent tries, beside the addresses themselves."""

import itertools
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ngos.enums import DocumentState, MembershipState
from ngos.models import Ngo, NgoDocument, Score
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.models import Attachment, AuditEntry, Job, JobState, User
from staff_portal.kernel.operations.users import deactivate_user
from staff_portal.kernel.trail import file_kinds
from tests.access.matrix import ROWS
from tests.access.matrix.table import Outcome
from tests.access.support import address, body_of, undone
from tests.factories.access import BACKEND, CODES, MOBILES, SECRET_NOTE, Scene
from tests.factories.ngos import PDF, national_id, staged_pdf
from tests.factories.people import NOW, TODAY, delegate, make_user

PASSWORD = "a-long-enough-word-1405"


def _may_post(person: str) -> set[str]:
    return {row.name for row in ROWS if row.post[person] is Outcome.PAGE}


# --- the matrix itself ----------------------------------------------------------------------------------------

OWN_BUSINESS = {
    "login",
    "logout",
    "totp_verify",
    "totp_enrol",
    "totp_remove",
    "password_change",
    "notifications_read",
}


def test_the_auditor_sends_nothing_but_own_marks() -> None:
    assert _may_post(Role.AUDITOR) == OWN_BUSINESS | {"view_save"}


def test_the_administrator_has_no_say_in_memberships_and_grades() -> None:
    assert not {name for name in _may_post(Role.ADMIN) if name.startswith("ngos:")}
    assert not _may_post(Role.ADMIN) & {"role_confirm", "role_refuse", "delegation_new", "letter_revoke"}


def test_a_person_without_a_role_does_nothing() -> None:
    assert _may_post("nobody") == OWN_BUSINESS


# --- other people's records in one's own address ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("ngos:officer_end", {"officer": "foreign_officer"}),
        ("ngos:account_end", {"account": "foreign_account"}),
        ("ngos:document_do", {"document": "foreign_document", "transition": ":accept"}),
    ],
)
def test_a_part_of_another_file_is_not_reached_through_ones_own(
    scene: Scene, name: str, args: dict[str, str]
) -> None:
    kwargs = {key: value[1:] if value[0] == ":" else scene.key(value) for key, value in args.items()}
    url = reverse(name, kwargs={"pk": scene.key("member"), **kwargs})
    for person in (Role.NGO_USER, Role.HQ_EXPERT):
        for method in ("get", "post"):
            response = getattr(scene.client(person), method)(url)
            assert response.status_code in {403, 404}, (person, method)
    assert scene.client(Role.HQ_EXPERT).get(url).status_code == 404


def test_an_indicator_of_another_framework_is_not_reached(scene: Scene) -> None:
    url = reverse("ngos:indicator_edit", args=[scene.key("framework_draft"), scene.key("score_indicator")])
    assert scene.client(Role.HQ_EXPERT).get(url).status_code == 404


@pytest.mark.parametrize(
    "label", ["kernel.user", "kernel.roleassignment", "kernel.attachment", "auth.group", "x"]
)
def test_only_files_are_referred(scene: Scene, label: str) -> None:
    url = reverse("refer", args=[label, scene.people[Role.ADMIN].pk])
    assert scene.client(Role.HQ_MANAGER).get(url).status_code == 404
    assert scene.client(Role.HQ_MANAGER).post(url, {"note": "x"}).status_code == 404


def test_a_file_is_not_referred_to_somebody_who_may_not_see_it(scene: Scene) -> None:
    url = reverse("refer", args=["ngos.ngo", scene.key("hidden")])
    body = {"to_user": scene.people[Role.DEPUTY_EXPERT].pk, "note": "ببینید"}
    response = scene.client(Role.HQ_EXPERT).post(url, body)
    assert response.status_code in {200, 409, 422}
    assert "اجازه دیدن این پرونده را ندارد" in body_of(response)


def test_the_file_another_person_staged_is_not_taken(scene: Scene) -> None:
    """Neither as a document nor as a register nor as a scan, and its owner still has it."""
    staged = staged_pdf(scene.others["registrar"])
    sent = {"kind": "activity_report", "file_staged": staged.pk, "scan_staged": staged.pk, "on": "1405/09/03"}
    sent |= {"office_number": "۱", "office_dated_on": "1405/09/03"}
    client = scene.client(Role.NGO_USER)
    response = client.post(reverse("ngos:document_new", args=[scene.key("member")]), sent)
    assert response.status_code == 422
    expert = scene.client(Role.HQ_EXPERT)
    expert.post(reverse("letter_office_number", args=[scene.key("certificate")]), sent)
    expert.post(reverse("ngos:imports"), sent)
    assert Attachment.objects.get(pk=staged.pk).root_id is None
    assert client.get(reverse("attachment", args=[staged.pk])).status_code == 404


def test_the_outcome_of_another_managers_batch_is_not_shown(scene: Scene) -> None:
    job = Job.objects.create(
        handler="ngos.confirm_existing",
        title="تأیید",
        owner=scene.others["manager2"],
        state=JobState.DONE,
        result={"confirmed": [], "refused": []},
        created_at=NOW,
    )
    assert scene.client(Role.HQ_MANAGER).get(f"/ngos/existing/?job={job.pk}").status_code == 404


# --- fields nobody asked for -----------------------------------------------------------------------------------


def test_no_hidden_field_of_a_new_file_is_believed(scene: Scene) -> None:
    other = scene.others["registrar"].pk
    body = {"name": "انجمن یکتای زرشک", "national_id": national_id(), "phone": "02188776655"}
    body |= {
        "state": "member",
        "registered_by": other,
        "registered_by_id": other,
        "membership_number": "۱",
        "id": 1,
    }
    body |= {
        "member_since": "1400/01/01",
        "level_rank": "1",
        "reviewer": other,
        "version": "9",
        "actor": other,
    }
    assert scene.client(Role.HQ_EXPERT).post("/ngos/new/", body).status_code == 302
    made = Ngo.objects.get(name=body["name"])
    assert (made.state, made.registered_by) == (MembershipState.DRAFT, scene.people[Role.HQ_EXPERT])
    assert made.membership_number is None and made.reviewer is None and made.member_since is None
    entry = AuditEntry.objects.get(subject_type="ngos.ngo", subject_id=made.pk, event="ngo.registered")
    assert entry.actor == scene.people[Role.HQ_EXPERT]


def test_the_ngo_cannot_raise_itself(scene: Scene) -> None:
    ngo = Ngo.objects.get(pk=scene.key("member"))
    body = {
        "name": "سمن عضو ارغوان نو",
        "national_id": ngo.national_id,
        "phone": ngo.phone,
        "version": ngo.version,
    }
    body |= {"legal_kind": "association", "state": "ended", "level_rank": "1", "claimed_number": "۵"}
    body |= {"membership_number": "۹", "grade_valid_until": "1409/01/01", "registered_by": ""}
    url = reverse("ngos:ngo_edit", args=[ngo.pk])
    assert scene.client(Role.NGO_USER).post(url, body).status_code == 302
    after = Ngo.objects.get(pk=ngo.pk)
    assert after.name == body["name"]
    for name in (
        "state",
        "level_rank",
        "membership_number",
        "claimed_number",
        "grade_valid_until",
        "registered_by_id",
    ):
        assert getattr(after, name) == getattr(ngo, name), name


def test_an_uploaded_document_is_not_accepted_by_its_own_form(scene: Scene) -> None:
    body = {"kind": "financial_statement", "state": "accepted", "uploaded_by": scene.others["registrar"].pk}
    body |= {"file": SimpleUploadedFile("a.pdf", PDF, "application/pdf"), "decided_by": 1}
    url = reverse("ngos:document_new", args=[scene.key("member")])
    assert scene.client(Role.NGO_USER).post(url, body).status_code == 302
    made = NgoDocument.objects.get(
        ngo=scene.key("member"), kind="financial_statement", attachment__name="a.pdf"
    )
    assert (made.state, made.uploaded_by) == (DocumentState.PENDING, scene.people[Role.NGO_USER])


def test_scores_go_to_ones_own_seat_only(scene: Scene) -> None:
    pk = scene.key("score_indicator")
    other = scene.things["scoring"].seats.get(assessor=scene.others["assessor2"])
    body = {f"v-{pk}": "0", f"n-{pk}": "", "seat": other.pk, "assessor": other.assessor_id}
    scene.client(Role.HQ_ASSESSOR).post(reverse("ngos:assessment_score", args=[scene.key("scoring")]), body)
    assert Score.objects.get(seat=other, indicator=pk).value == 3
    assert Score.objects.get(seat__assessor=scene.people[Role.HQ_ASSESSOR], indicator=pk).value == 0


def test_the_administrator_gives_an_account_no_more_than_the_form(scene: Scene) -> None:
    user = scene.things["account_user"]
    body = {"username": user.username, "first_name": "ن", "last_name": "ت", "side": user.side}
    body |= {"is_superuser": "1", "is_staff": "1", "password": "x", "is_active": "", "role": "hq_manager"}
    assert scene.client(Role.ADMIN).post(reverse("user_edit", args=[user.pk]), body).status_code == 302
    after = User.objects.get(pk=user.pk)
    assert after.last_name == "ت" and after.password == user.password and after.is_active
    assert not getattr(after, "is_superuser", False)
    assert after.role_assignments.count() == 1


# --- the door --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "///evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "https:/evil.example",
        " //evil.example",
        "/\t/evil.example",
    ],
)
def test_signing_in_leads_nowhere_else(scene: Scene, target: str) -> None:
    make_user(Role.HQ_EXPERT, username="door")
    user = User.objects.get(username="door")
    user.set_password(PASSWORD)
    user.save()
    response = Client().post("/login/", {"username": "door", "password": PASSWORD, "next": target})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert scene.client(Role.HQ_EXPERT).get("/login/", {"next": target})["Location"] == "/"
    ended = body_of(Client().get("/session-ended/", {"next": target}))
    refused = scene.client("nobody").get("/users/", headers={"Referer": target})
    assert "evil" not in ended + body_of(refused) and "javascript:" not in ended


def test_a_session_known_before_signing_in_is_worth_nothing(scene: Scene) -> None:
    user = make_user(Role.HQ_EXPERT, username="fixed")
    user.set_password(PASSWORD)
    user.save()
    planted = Client()
    planted.cookies["sessionid"] = "a" * 32
    planted.post("/login/", {"username": "fixed", "password": PASSWORD})
    assert planted.cookies["sessionid"].value != "a" * 32
    thief = Client()
    thief.cookies["sessionid"] = "a" * 32
    assert thief.get("/profile/").status_code == 302


def test_a_closed_account_has_no_session_and_no_way_in(scene: Scene) -> None:
    user = make_user(Role.HQ_EXPERT, username="leaver")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.force_login(user, backend=BACKEND)
    assert client.get("/ngos/").status_code == 200
    deactivate_user(user, actor=scene.people[Role.ADMIN], at=NOW, note="رفت")
    assert client.get("/ngos/")["Location"].startswith("/login/")
    assert client.post("/ngos/new/", {"name": "x"}).status_code == 403
    assert Client().post("/login/", {"username": "leaver", "password": PASSWORD}).status_code == 200


def test_a_representative_whose_time_has_ended_sees_nothing(scene: Scene) -> None:
    account = scene.things["account"]
    client = scene.client(Role.NGO_USER)
    assert client.get(f"/ngos/{scene.key('member')}/").status_code == 200
    type(account).objects.filter(pk=account.pk).update(period=(account.period.lower, TODAY))
    for row in ROWS:
        if row.case == "خود" and row.get[Role.NGO_USER] is Outcome.PAGE:
            assert client.get(address(scene, row)).status_code == 404, row.key


# --- delegation ------------------------------------------------------------------------------------------------


def test_one_handed_over_power_opens_no_other(scene: Scene) -> None:
    """K6: the delegate rejects applications, and none of the manager's other steps."""
    person = make_user(Role.SECRETARY, username="deputising")
    delegate(scene.people[Role.HQ_MANAGER], person, Role.HQ_MANAGER, powers=["membership.reject"])
    client = Client()
    client.force_login(person, backend=BACKEND)
    wrong = []
    for row in ROWS:
        if row.post[Role.HQ_MANAGER] is not Outcome.PAGE or row.post[Role.SECRETARY] is Outcome.PAGE:
            continue
        if row.case == "رد" or row.name in {"referral_done", "refer", "view_save"}:
            continue  # the power itself, and what any reader of the file may do
        with undone():
            status = client.post(address(scene, row), {"note": "سبب", "reason": "سبب"}).status_code
        if status not in {403, 404}:
            wrong.append((row.key, status))
    assert wrong == [], wrong
    reject = reverse("ngos:ngo_do", args=[scene.key("under_review"), "reject"])
    assert client.post(reject, {"note": "ناقص است"}).status_code == 302


# --- what is told ----------------------------------------------------------------------------------------------


def test_notices_go_to_those_who_may_see_the_record_and_hold_no_secret(scene: Scene) -> None:
    secrets = [*CODES.values(), *MOBILES.values(), SECRET_NOTE]
    people = {user.pk: user for user in User.objects.all()}
    told = 0
    for entry in AuditEntry.objects.all():
        for draft in notices.expand(entry):
            told += 1
            assert not any(secret in draft.text for secret in secrets), entry.event
            if entry.root_type in file_kinds.ROOTS:
                recipient = people[draft.recipient_id]
                seen = file_kinds.find(entry.root_type, entry.root_id, recipient, TODAY)
                assert seen is not None, f"{recipient.username} hears of {entry.event} of a hidden record"
    assert told > 10


def test_the_audit_trail_holds_no_code_and_no_number(scene: Scene) -> None:
    secrets = [*CODES.values(), *MOBILES.values(), SECRET_NOTE]
    for entry in AuditEntry.objects.all():
        text = " ".join(
            map(str, itertools.chain([entry.note, entry.subject_label], [entry.before, entry.after]))
        )
        assert not any(secret in text for secret in secrets), (entry.event, entry.pk)


def test_what_is_typed_is_not_logged(scene: Scene, caplog: Any, capfd: Any) -> None:
    body = {
        "full_name": "نادر",
        "national_code": CODES["member"],
        "mobile": MOBILES["member"],
        "starts_on": "x",
    }
    url = reverse("ngos:officer_new", args=[scene.key("member")])
    assert scene.client(Role.HQ_EXPERT).post(url, body).status_code == 422
    assert scene.client(Role.AUDITOR).post(url, body).status_code == 403
    Client().post("/login/", {"username": "door", "password": PASSWORD})
    printed = capfd.readouterr()
    logged = caplog.text + printed.out + printed.err
    assert not any(secret in logged for secret in (CODES["member"], MOBILES["member"], PASSWORD))
