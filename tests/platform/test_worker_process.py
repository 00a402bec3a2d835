"""The worker fixture runs a real worker, which can be killed and started again."""


def test_a_worker_starts_is_killed_and_starts_again(celery_worker_process):
    celery_worker_process.kill()
    assert celery_worker_process.child.has_ended()
    celery_worker_process.start()
    assert celery_worker_process.stop()
