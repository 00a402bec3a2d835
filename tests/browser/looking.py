"""Looking at a page as it is: what axe finds by day and by night, and whether it runs out of its window."""

from collections.abc import Iterable

from playwright.sync_api import Page

from tests.support.browsing import axe_violations

WIDTHS = (1440, 390, 360)
#: axe looks once at a desk by day and once at a small phone by night
LOOKS = ((False, 1440), (True, 360))


def flaws_of(page: Page) -> list[str]:
    """Every flaw of the page that is open, in light and dark at every width."""
    found = []
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if over > 0:
                found.append(f"{over} px out of a window of {width} ({'dark' if dark else 'light'})")
            if (dark, width) in LOOKS:
                found += [f"{width} {'dark' if dark else 'light'}: {line}" for line in axe_violations(page)]
    return found


def flaws_by_address(page: Page, addresses: Iterable[str]) -> dict[str, list[str]]:
    """The addresses that have a flaw or do not answer with a page, with what is wrong."""
    found = {}
    for address in addresses:
        response = page.goto(address)
        flaws = flaws_of(page)
        if response is None or response.status != 200:
            flaws.insert(0, f"answered {response and response.status}")
        if flaws:
            found[address] = flaws
    return found
