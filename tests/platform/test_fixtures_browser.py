"""The browser fixtures: a page is served, and nothing the browser complains of passes unseen."""

import pytest
from playwright.sync_api import Error

pytestmark = pytest.mark.browser


def test_a_page_of_the_live_site_opens(page):
    page.goto("/healthz")
    assert "ok" in page.content()


def test_it_opens_without_javascript(new_page):
    page = new_page(javascript=False)
    page.goto("/healthz")
    assert "ok" in page.content()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("console.log('lost in the log')", "lost in the log"),
        ("setTimeout(() => { throw new Error('thrown late') })", "thrown late"),
        ("fetch('http://127.0.0.1:1/elsewhere').catch(() => 0)", "Content Security Policy"),
    ],
)
def test_every_complaint_is_noticed(page, browser_watch, script, said):
    page.goto("/healthz")
    page.evaluate(script)
    page.wait_for_timeout(200)
    assert any(said in line for line in browser_watch.unexpected())
    browser_watch.allow(".")


def test_no_other_host_is_found_and_the_attempt_is_noticed(page, browser_watch):
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://elsewhere.example/")
    assert "request to another host: http://elsewhere.example/" in browser_watch.unexpected()
    browser_watch.allow(".")


def test_ordinary_database_tests_may_follow(db, raw_sql):
    assert raw_sql("SELECT 1") == [(1,)]
