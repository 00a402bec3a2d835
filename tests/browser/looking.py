"""Looking at a page as it is: what axe finds by day and by night, and whether it runs out of its window."""

from collections.abc import Iterable
from itertools import cycle

from playwright.sync_api import Page

from tests.support.browsing import axe_violations

WIDTHS = (1440, 390, 360)
Look = tuple[bool, int]
#: where axe looks: at a desk by day, at a small phone by night
DAY, NIGHT = LOOKS = ((False, 1440), (True, 360))
#: axe looks at one page by day, at the next by night
IN_TURNS = ((DAY,), (NIGHT,))
#: colours that just changed are computed with the next frame
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def flaws_of(page: Page, looks: Iterable[Look] = LOOKS) -> list[str]:
    """Every flaw of the page that is open: what runs out of each width (in any theme), what axe finds at each look."""
    wanted, found = tuple(looks), []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            found.append(f"{over} px out of a window of {width}")
        for dark in (dark for dark, at in wanted if at == width):
            theme = "dark" if dark else "light"
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.evaluate(SETTLED)
            found += [f"{width} {theme}: {line}" for line in axe_violations(page)]
    return found


def flaws_by_address(
    page: Page, addresses: Iterable[str], looks: Iterable[tuple[Look, ...]] = (LOOKS,)
) -> dict[str, list[str]]:
    """The addresses that have a flaw or do not answer with a page; axe looks by turns as ``looks`` says."""
    found = {}
    for address, at in zip(addresses, cycle(looks), strict=False):
        response = page.goto(address)
        flaws = flaws_of(page, at)
        if response is None or response.status != 200:
            flaws.insert(0, f"answered {response and response.status}")
        if flaws:
            found[address] = flaws
    return found
