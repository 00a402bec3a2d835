import pytest
from datetime import date, timedelta
from staff_portal.kernel import panels, events, audit
from staff_portal.kernel.districtmap import figure_of_counts
from staff_portal.kernel.models import *
from staff_portal.kernel.operations import letter_desk, attachments
from staff_portal.kernel.operations.letters import revoke_letter, replace_letter
from tests.kernel.papers.support import *
from tests.support.browsing import axe_violations

pytestmark = pytest.mark.browser


@pytest.fixture
def at_ten():
    pass


def test_look(new_page, live_site, browser_watch):
    from django.utils import timezone

    now = timezone.now()
    on = timezone.localdate()
    root = make_root("انجمن یاوران محیط زیست شهری طلوع")
    expert = make_user("hq.ahmadi", "hq_expert")
    manager = make_user(
        "hq.karimi", "hq_manager", first_name="زهرا", last_name="کریمی", post="رئیس ستاد سمن‌ها"
    )
    auditor = make_user("rahmani", "auditor", first_name="کامران", last_name="رحمانی", honorific="آقای")
    unit_p = make_user("unit", "unit_expert", unit=root)
    admin = make_user("adm", "admin")
    kinds = ["kernel.case", "kernel.referral", "x.a"]

    def tasks(user, at):
        if user.pk != expert.pk:
            return
        data = [
            ("تأیید مدارک «انجمن یاوران محیط زیست شهری طلوع»", "درخواست عضویت · ۲ مدرک از ۶ مانده", 2),
            ("امتیازدهی «مؤسسه مهرورزان میراث فرهنگی کیمیا»", "ظرفیت‌سنجی ۱۴۰۵ · ۳۱ شاخص از ۴۶", 1),
            ("پاسخ به درخواست معرفی سازمان ورزش", "طرح «ورزش محله در پاییز»", -1),
            ("تکمیل سه نامزد", "کمیته مشترک", 8),
            ("هم‌پوشانی برنامه", "حوزه فرهنگ", 12),
            ("بررسی درخواست تازه", "رسید دیروز", None),
            ("پیش‌نویس ناتمام", "بنیاد نمونه", None),
        ]
        for i, (a, b, d) in enumerate(data):
            yield panels.Task(
                kinds[i % 3], a, b, "/search/", due_on=None if d is None else on + timedelta(days=d), since=at
            )

    def figs(user, at):
        yield panels.Figure("سمن‌های عضو", 733, "۴۱ در این فصل", "/search/")
        yield panels.Figure("دارای سطح معتبر", 482, "۶۶٪ اعضا", "/search/")
        yield panels.Figure("درخواست‌های باز", 18, "", "/search/")

    from django.urls import reverse, NoReverseMatch

    def ok(i):
        try:
            reverse(i.url_name)
            return True
        except NoReverseMatch:
            return False

    panels.REGISTRY.nav[:] = [i for i in panels.REGISTRY.nav if ok(i)]
    for n in ("inbox", "search", "figures"):
        l = getattr(panels.REGISTRY, n)
        l[:] = [x for x in l if not x.__module__.startswith("ngos")]
    panels.REGISTRY.inbox.append(tasks)
    panels.REGISTRY.figures.append(figs)
    panels.REGISTRY.maps.clear()
    panels.REGISTRY.actions[:] = [a for a in panels.REGISTRY.actions if a.url_name in ("audit_log", "users")]
    panels.add_map(
        "members",
        "سمن‌های عضو",
        lambda u, a: figure_of_counts(
            "سمن‌های عضو در مناطق",
            "سمن‌های عضو",
            {i: (i * 7) % 23 for i in range(1, 23)},
            unit="سمن",
            url_for=lambda n: "/search/",
        ),
    )
    panels.add_map(
        "applications",
        "درخواست‌ها",
        lambda u, a: figure_of_counts(
            "درخواست‌ها",
            "درخواست",
            {i: (i * 3) % 5 for i in range(1, 23)},
            unit="درخواست",
            url_for=lambda n: "/search/",
        ),
    )
    panels.add_action("ورود فهرست از اکسل", "search", ["hq_expert"], icon="upload", order=5)
    panels.add_action(
        "ثبت سمن تازه", "search", ["hq_expert"], main=True, hint="می‌توانید سمن تازه‌ای ثبت کنید."
    )
    l1 = make_letter(root, actor=manager, at=now, valid_until=date(2028, 6, 1))
    l2 = make_letter(root, actor=expert, at=now, behalf=manager)
    l3 = make_letter(root, actor=manager, at=now)
    l4 = make_letter(root, actor=manager, at=now - timedelta(days=90), valid_until=date(2026, 10, 1))
    conf = make_letter(root, actor=manager, at=now, secrecy="confidential")
    letter_desk.revoke_at_desk(
        l2, reason="شماره ثبت سمن در این نامه نادرست بود.", root=root, actor=manager, at=now
    )
    from django.db import transaction

    with transaction.atomic():
        replace_letter(l3, replacement=l1, actor=manager, at=now, authority=None, root=root)
    scan = attachments.stage_file(upload("scan.png", PNG), actor=expert, at=now)
    letter_desk.note_office_number(
        l2, office_number="۱۴۰۵/۲۲۱۱", office_dated_on=on, scan=scan, root=root, actor=expert, at=now
    )
    with transaction.atomic():
        audit.record(
            events.REFUSED,
            root,
            actor=unit_p,
            at=now,
            after={"transition": "approve", "reason": "این کار با رئیس ستاد است."},
            note="تأیید عضویت",
        )
        audit.record(
            events.USER_CHANGED,
            unit_p,
            actor=admin,
            at=now,
            before={"mobile": audit.mark("0912"), "side": "hq", "post": ""},
            after={"mobile": audit.mark("0913"), "side": "deputy", "post": "کارشناس"},
        )
    job = Job.objects.create(
        handler="x",
        title="ورود فهرست سمن‌ها",
        owner=expert,
        state="running",
        done=120,
        total=340,
        message="ردیف ۱۲۰",
        created_at=now,
    )
    jd = Job.objects.create(
        handler="x",
        title="ورود فهرست سمن‌ها",
        owner=expert,
        state="done",
        done=340,
        total=340,
        result={"url": "/search/"},
        created_at=now,
        finished_at=now,
    )
    out = []
    from pathlib import Path

    D = Path("/tmp/look")
    D.mkdir(exist_ok=True)

    def shoot(user, pages, **kw):
        p = new_page(user, **kw)
        for name, u in pages:
            browser_watch.allow(r"404")
            browser_watch.allow("409|503")
            p.goto(u)
            p.wait_for_timeout(60)
            v = axe_violations(p)
            if v:
                out.append((name, kw, v))
            w = p.evaluate("document.documentElement.scrollWidth - innerWidth")
            if w > 0:
                out.append((name, kw, "overflow", w))
            p.screenshot(
                path=str(D / f"{name}-{kw.get('width', 1440)}{'d' if kw.get('dark') else ''}.png"),
                full_page=True,
            )

    bad = l1.code[:-3] + ("AAA" if l1.code[-3:] != "AAA" else "BBB")
    pub = [
        ("v-valid", f"/verify/{l1.code}/"),
        ("v-revoked", f"/verify/{l2.code}/"),
        ("v-replaced", f"/verify/{l3.code}/"),
        ("v-expired", f"/verify/{l4.code}/"),
        ("v-conf", f"/verify/{conf.code}/"),
        ("v-forged", f"/verify/{bad}/"),
        ("v-start", "/verify/"),
        ("v-empty", "/verify/?code="),
        ("v-offline", "/verify/offline/"),
    ]
    ex = [
        ("home", "/"),
        ("home-kind", "/?kind=x.a&map=applications"),
        ("search", "/search/?q=1405/ن"),
        ("search-none", "/search/?q=هیچ"),
        ("search-start", "/search/"),
        ("letter", f"/letters/{l2.pk}/"),
        ("office", f"/letters/{l1.pk}/office-number/"),
        ("jobs", "/jobs/"),
        ("job", f"/jobs/{job.pk}/"),
        ("job-done", f"/jobs/{jd.pk}/"),
    ]
    ma = [("letter-m", f"/letters/{l1.pk}/"), ("revoke", f"/letters/{l1.pk}/revoke/"), ("home-m", "/")]
    au = [
        ("audit", "/audit/"),
        ("audit-f", "/audit/?event=kernel.refused"),
        ("audit-bad", "/audit/?since=1405/13/1"),
        ("audit-rec", f"/audit/?record=kernel.unit:{root.pk}"),
        ("home-au", "/"),
    ]
    import os, json

    pub=[x for x in pub if x[0] in ("v-offline","v-revoked")]; ex=[x for x in ex if x[0] in ("home","search","letter")]; ma=[]; au=[x for x in au if x[0]=="audit-bad"]
    for kw in json.loads(os.environ["KW"]):
        shoot(None, pub, **kw)
        shoot(expert, ex, **kw)
        shoot(manager, ma, **kw)
        shoot(auditor, au, **kw)
        shoot(admin, [("home-adm", "/")], **kw)
        shoot(unit_p, [("home-u", "/"), ("search-u", "/search/?q=1405/ن")], **kw)
    for o in out:
        print(o)
