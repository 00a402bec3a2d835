"""The portal's own line icons (24 × 24, drawn with one stroke); a name in ``data/icons.json`` is what templates call."""

from __future__ import annotations

import json
from pathlib import Path

#: name -> path data
ICONS: dict[str, str] = json.loads((Path(__file__).parent.parent / "data" / "icons.json").read_text("ascii"))

#: address prefix -> icon of its entry in the navigation; the longest prefix that fits wins
NAVIGATION_ICONS: dict[str, str] = {
    "/": "inbox",
    "/search/": "search",
    "/inbox/": "bell",
    "/ngos/": "people",
    "/ngos/memberships/": "seal",
    "/ngos/existing/": "tick",
    "/ngos/import/": "upload",
    "/ngos/assessments/": "gauge",
    "/ngos/frameworks/": "scroll",
    "/ngos/directory/": "list",
    "/ngos/introductions/": "handshake",
    "/ngos/engagements/": "handshake",
    "/ngos/projects/": "pin",
    "/committee/": "meeting",
    "/committee/meetings/": "calendar",
    "/committee/motions/": "edit",
    "/committee/nominations/": "star",
    "/committee/policies/": "scroll",
    "/committee/resolutions/": "gavel",
    "/committee/programmes/": "calendar",
    "/facilities/": "book",
    "/facilities/grants/": "gift",
    "/secretariats/": "map",
    "/secretariats/assemblies/": "meeting",
    "/mou/": "scroll",
    "/reports/": "chart",
    "/letters/": "mail",
    "/users/": "person",
    "/roles/": "shield",
    "/delegations/": "send",
    "/cases/": "warn",
    "/jobs/": "clock",
    "/verify/": "qr",
    "/settings/": "gear",
    "/holidays/": "calendar",
    "/audit/": "eye",
    "/units/": "building",
    "/profile/": "person",
    "/kit/": "star",
}


def navigation_icon(url: str) -> str:
    """Name of the icon for an address, by its longest known prefix; a plain page for an unknown one."""
    path = url.split("?", 1)[0]
    known = [prefix for prefix in NAVIGATION_ICONS if prefix != "/" and path.startswith(prefix)]
    if known:
        return NAVIGATION_ICONS[max(known, key=len)]
    return "inbox" if path == "/" else "file"
