#!/usr/bin/env python3
"""Says something in a window ("before"), or finds it there ("after"): the server was started anew between.

Usage: after_restart.py BASE_URL SCREENSHOT_FOLDER before|after
"""
import pathlib
import sys

from playwright.sync_api import expect, sync_playwright

from window import STEP_MS, launch, open_window, say

ROOM = "after-restart"
SENTENCE = "This was said before the server stopped."


def main(base, folder, phase):
    """One window, one phase."""
    complaints = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = open_window(browser, base.rstrip("/"), ROOM, "Ann", complaints)
        if phase == "before":
            say(page, SENTENCE)
        said = page.locator("#messages li[data-offset] .text", has_text=SENTENCE)
        expect(said, "the sentence is there, once").to_have_count(1, timeout=STEP_MS)
        page.screenshot(path=str(pathlib.Path(folder) / f"restart-{phase}.png"))
        browser.close()
    if complaints:
        raise SystemExit("; ".join(complaints))


main(*sys.argv[1:4])
