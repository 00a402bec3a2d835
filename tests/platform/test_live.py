import pytest
pytestmark = pytest.mark.browser
def test_page(page, live_site, browser_watch):
    page.goto("/healthz")
    assert "ok" in page.content()
def test_without_js(new_page):
    p = new_page(javascript=False); p.goto("/healthz"); assert "ok" in p.content()
def test_worker(celery_worker_process):
    assert "ready" in celery_worker_process.output()
    celery_worker_process.kill(); celery_worker_process.start(); assert celery_worker_process.stop()
def test_db_after(db): 
    pass
