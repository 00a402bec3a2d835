"""The folded columns of an NGO, by which it is searched and sorted."""

from ngos.models import Ngo, Officer
from ngos.similarity import name_core
from staff_portal.kernel.persian.search import compact_fold, search_fold, sort_key


def derive(ngo: Ngo, *, ceo_name: str | None = None) -> None:
    """Fill the folded columns that searching and sorting use."""
    ngo.name_core = name_core(ngo.name)
    ngo.sort_key = sort_key(ngo.name)
    if ceo_name is None and ngo.pk is not None:
        ceo_name = (
            Officer.objects.filter(ngo=ngo, post="ceo")
            .order_by("-id")
            .values_list("full_name", flat=True)
            .first()
        )
    parts = (
        search_fold(ngo.name),
        compact_fold(ngo.name),
        ngo.national_id,
        ngo.registration_number,
        search_fold(ngo.membership_number or ngo.claimed_number),
        search_fold(ceo_name or ""),
        ngo.phone,
    )
    ngo.search_text = " ".join(part for part in parts if part)
