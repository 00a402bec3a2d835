"""What the registry gives the search, the figures of the home page and the map of the districts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from ngos.enums import MembershipState as M
from ngos.queries import visible_ngos
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions, district_map
from staff_portal.kernel.frame.contributions import Figure, SearchHit
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits

REGISTRY_ROLES = (
    Role.HQ_EXPERT,
    Role.HQ_MANAGER,
    Role.AUDITOR,
    Role.DEPUTY_MANAGER,
    Role.DEPUTY_EXPERT,
    Role.UNIT_EXPERT,
    Role.REGION_OFFICER,
    Role.DISTRICT_HEAD,
    Role.HQ_ASSESSOR,
)
HEADQUARTERS = (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR)


def find(user: User, at: datetime, query: str, limit: int) -> Iterable[SearchHit]:
    """NGOs that the person may see, by name, number, national id or head: one query."""
    on = access.local_date(at)
    found = visible_ngos(user, on).matching(query).order_by("sort_key", "id")
    columns = ("pk", "name", "state", "district_id", "membership_number")
    for pk, name, state, district, number in found.values_list(*columns)[:limit]:
        detail = " · ".join(
            part
            for part in (
                str(M(state).label),
                f"منطقه {district}" if district else "",
                f"عضویت {number}" if number else "",
            )
            if part
        )
        yield SearchHit("سمن‌ها", name, to_persian_digits(detail), reverse("ngos:ngo_detail", args=[pk]))


def figures(user: User, at: datetime) -> Iterable[Figure]:
    """Members, members with a valid level, open applications, of what the person may see: one query."""
    on = access.local_date(at)
    if not access.has_role(user, on, *REGISTRY_ROLES):
        return []
    seen = visible_ngos(user, on).aggregate(
        members=Count("pk", filter=Q(state=M.MEMBER)),
        graded=Count("pk", filter=Q(state=M.MEMBER, level_rank__isnull=False, grade_valid_until__gte=on)),
        applying=Count("pk", filter=Q(state__in=[M.SUBMITTED, M.UNDER_REVIEW, M.RETURNED])),
        suspended=Count("pk", filter=Q(state=M.SUSPENDED)),
    )
    address = reverse("ngos:ngo_list")
    share = (
        f"{to_persian_digits(round(100 * seen['graded'] / seen['members']))}٪ اعضا" if seen["members"] else ""
    )
    found = [
        Figure("سمن‌های عضو", seen["members"], "", f"{address}?state=member", order=10),
        Figure("عضو با سطح معتبر", seen["graded"], share, f"{address}?state=member&level=any", order=20),
    ]
    if access.has_role(user, on, *HEADQUARTERS):
        found += [
            Figure("درخواست‌های باز", seen["applying"], "", reverse("ngos:memberships"), order=30),
            Figure("تعلیق‌شده", seen["suspended"], "", f"{address}?state=suspended", order=40),
        ]
    return found


def _map(title: str, column: str, states: tuple[str, ...]) -> Any:
    def draw(user: User, at: datetime) -> district_map.DistrictFigure:
        rows = visible_ngos(user, access.local_date(at)).filter(state__in=states, district__isnull=False)
        counts = dict(rows.order_by().values_list("district_id").annotate(Count("pk")))
        query = "&".join(f"state={state}" for state in states)
        address = reverse("ngos:ngo_list")
        return district_map.figure_of_counts(
            title, column, counts, unit="سمن", url_for=lambda number: f"{address}?{query}&district={number}"
        )

    return draw


members_map = _map("سمن‌های عضو در مناطق", "سمن‌های عضو", (M.MEMBER,))
applications_map = _map("درخواست‌های باز در مناطق", "درخواست‌ها", (M.SUBMITTED, M.UNDER_REVIEW, M.RETURNED))


contributions.add_map("members", "سمن‌های عضو", members_map, roles=REGISTRY_ROLES, order=10)
contributions.add_map("applications", "درخواست‌های باز", applications_map, roles=HEADQUARTERS, order=20)
contributions.REGISTRY.search.append(find)
contributions.REGISTRY.figures.append(figures)
