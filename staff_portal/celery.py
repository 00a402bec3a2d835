"""The Celery application: worker and beat read their settings from Django's."""

import os
from typing import Any

from celery import Celery, Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staff_portal.settings")


class KeepingTask(Task):
    """A task at whose end every refused attempt is kept, also of a transaction that was undone."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from staff_portal.kernel.workflow import refused  # Django is set up by now

        with refused.survive():
            return super().__call__(*args, **kwargs)


app = Celery("staff_portal", task_cls=KeepingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
