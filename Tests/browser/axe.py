#!/usr/bin/env python3
"""axe-core finds nothing to complain about: roles, names, contrast, in both themes, on a desktop and a phone.

Usage: axe.py BASE_URL DEVELOPMENT_BASE_URL SCREENSHOT_FOLDER

Whoever runs this does what `ask` says: `token USER SECONDS GRANT...` returns one, `deaf` breaks WebSockets
of BASE_URL. The page of DEVELOPMENT_BASE_URL has the form for one's name.
"""
import secrets

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import expect

from scenes import converse, fail, publish, token
from window import GONE, ask, demand, main, open_room, say

LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in ((1280, 800), (390, 844))]
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
AXE = AXE_FILE_PATH.read_text()


class Auditor:
    """Looks at one page in each theme and width, and gathers what axe says of it."""

    def __init__(self, stage, page):
        self.stage = stage
        self.page = page
        self.violations = []
        self.audits = 0

    def audit(self, state, looks=LOOKS):
        for scheme, (width, height) in looks:
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.page.set_viewport_size({"width": width, "height": height})
            if not self.page.evaluate("typeof axe === 'object'"):
                self.page.evaluate(AXE)
            found = self.page.evaluate("options => axe.run(document, options)", OPTIONS)
            self.audits += 1
            for violation in found["violations"]:
                nodes = [" ".join(node["target"]) for node in violation["nodes"][:3]]
                why = violation["nodes"][0]["failureSummary"].replace("\n", " ")
                self.violations.append(f"{state}, {scheme}, {width} px: {violation['id']} at {nodes}: {why}")
            self.stage.picture(self.page, f"axe-{state}-{scheme}-{width}")
        self.page.set_viewport_size({"width": 1280, "height": 800})


def drawers(auditor, page):
    """What is beside the talk on a desktop opens over it on a phone."""
    for panel in ("rooms", "people"):
        page.set_viewport_size({"width": 390, "height": 844})
        page.locator(f"#open-{panel}").click()
        expect(page.locator(f"#close-{panel}")).to_be_visible()
        auditor.audit(f"drawer-{panel}", [look for look in LOOKS if look[1][0] == 390])
        page.keyboard.press("Escape")
        expect(page.locator(f"#close-{panel}")).not_to_be_in_viewport()


def play(stage, base, development):
    room = f"team-{secrets.token_hex(4)}"
    page = stage.guest(base, token("ida"), room, "Ida")
    auditor = Auditor(stage, page)
    auditor.audit("empty")
    converse(base, room)
    expect(page.locator("#messages li[data-offset]", has_text="fourth line")).to_have_count(1)
    auditor.audit("conversation")
    drawers(auditor, page)
    page.locator("#keys").click()
    expect(page.locator("#keys-dialog")).to_be_visible()
    auditor.audit("dialog")
    page.keyboard.press("Escape")

    open_room(page, "notice")
    publish(base, "bob", room, [f"Said where nobody looks {number}" for number in range(30)])
    fail(page, "I may not say this.")
    auditor.audit("failed")
    open_room(page, room)
    expect(page.locator("#messages li.divider"), "what is new is marked").to_have_count(1)
    auditor.audit("unread")
    ask("deaf")
    expect(page.locator("#state")).not_to_have_attribute("data-state", "open")
    say(page, "This waits.")
    auditor.audit("disconnected")

    guest = Auditor(stage, stage.window(development, room, "Dan"))
    guest.audit("name")
    violations = auditor.violations + guest.violations
    demand(not violations, f"axe complains {len(violations)} times:\n" + "\n".join(violations))
    return f"axe found nothing in {auditor.audits + guest.audits} audits"


if __name__ == "__main__":
    main(play, seconds=120, allowed=GONE)
