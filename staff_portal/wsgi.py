"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staff_portal.settings")
application = get_wsgi_application()

from staff_portal.kernel.checks import refuse_unfit_start  # noqa: E402 - needs Django set up

refuse_unfit_start()
