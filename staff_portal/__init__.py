"""The staff portal of the headquarters supporting Tehran's NGOs."""

from staff_portal.celery import app as celery_app

__all__ = ["celery_app"]
