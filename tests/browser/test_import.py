"""An import in the browser: with and without JavaScript, leaving the page, on a phone (page 7)."""

from typing import Any

import pytest

from ngos.models import Ngo, RegisterImport
from staff_portal.kernel.models import Job
from tests.ngos.importing.conftest import run_jobs  # noqa: F401 - a fixture
from tests.ngos.importing.support import make_user
from tests.ngos.register_samples import REGISTER
from tests.support.browsing import axe_violations

pytestmark = pytest.mark.browser
UPLOAD = "button:has-text('بارگذاری و بررسی')"


def send(page: Any, path: Any) -> None:
    page.set_input_files("input[type=file]", str(path))
    page.click(UPLOAD)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_file_to_the_report(new_page, run_jobs, browser_watch, tmp_path, javascript):  # noqa: F811
    browser_watch.allow("status of 422")
    page = new_page(make_user("expert"), javascript=javascript)
    page.goto("/ngos/import/")
    bad = tmp_path / "picture.xlsx"
    bad.write_bytes(b"%PDF-1.7 not a register")
    send(page, bad)
    assert "صفحه‌گسترده نیست" in page.inner_text(".field-error")

    send(page, REGISTER)
    page.wait_for_selector(".job progress")
    address = page.url
    page.goto("/ngos/")  # leaving the page does no harm
    run_jobs()
    page.goto(address)
    page.click("button:has-text('تأیید و ورود')")
    page.wait_for_selector(".job progress")
    assert Ngo.objects.count() == 0
    run_jobs()
    if javascript:
        page.click("text=دیدن نتیجه")
    else:
        # The page reloads itself: what stands in <noscript> is read here.
        page.wait_for_selector("text=ورود پایان یافت", timeout=15_000)
    assert "۵۹۰" in page.inner_text(".kpis")
    assert Ngo.objects.count() == 590
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    with page.expect_download() as download:
        page.click("text=اکسل سطرهای نپذیرفته")
    assert download.value.suggested_filename == f"rejected-{RegisterImport.objects.get().pk}.xlsx"


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, False), (1440, True)])
def test_nothing_is_cut_off_and_axe_is_content(new_page, run_jobs, width, dark):  # noqa: F811
    page = new_page(make_user("expert"), width=width, dark=dark)
    page.goto("/ngos/import/")
    send(page, REGISTER)
    page.wait_for_selector(".job progress")
    run_jobs()
    for address in (f"/ngos/import/{RegisterImport.objects.get().pk}/", "/ngos/import/"):
        page.goto(address)
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
