"""Files that other things hang on: letters, attachments, referrals and timelines.

An app registers each model that is a file of its own: how the objects a person may see are fetched, and the
address of the record. The kernel asks here and knows none of the models.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from staff_portal.kernel.models import User


@dataclass(frozen=True)
class Root:
    """One kind of file: the objects a person may see on a day, who may see its papers, and its address."""

    model: type[models.Model]
    visible: Callable[[User, date], models.QuerySet[Any]]
    url: Callable[[Any], str]


ROOTS: dict[str, Root] = {}


def register(
    model: type[models.Model],
    *,
    visible: Callable[[User, date], models.QuerySet[Any]],
    url: Callable[[Any], str],
) -> None:
    """Register a model as a file, once."""
    ROOTS[model._meta.label_lower] = Root(model, visible, url)


def find(label: str, pk: int, user: User, on: date) -> Any | None:
    """The record if the person may see it, else None (the page answers 404)."""
    root = ROOTS.get(label)
    return None if root is None else root.visible(user, on).filter(pk=pk).first()


def url_of(obj: models.Model) -> str:
    """The address of a record that is a file."""
    return ROOTS[obj._meta.label_lower].url(obj)
