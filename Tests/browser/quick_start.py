#!/usr/bin/env python3
"""The page of docs/quick-start.md: it shows what was said, and what it says the bot of that document answers.

Usage: quick_start.py PAGE_URL
"""
import sys

from playwright.sync_api import Error, expect, sync_playwright

from window import STEP_MS, Failure, bound, demand, launch

SECONDS = 60


def talk(page, complaints):
    said = page.locator("#said li")
    expect(said.first, "what came from the shell").to_have_text("shop: Order 1001 was shipped.")
    expect(page.locator("#state")).to_have_text("Connected.")
    page.get_by_label("Message").fill("!count one two three")
    page.get_by_label("Message").press("Enter")
    answer = page.locator("#said li", has_text="Bot: That was 3 words, guest-")
    expect(answer, "the bot answers the page").to_have_count(1)
    question = page.locator("#said li", has_text="My page: !count one two three")
    expect(question, "and shows its own message once").to_have_count(1)
    demand(not complaints, "; ".join(complaints))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    bound(SECONDS)
    expect.set_options(timeout=STEP_MS)
    complaints = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            page = browser.new_page()
            page.on("pageerror", lambda error: complaints.append(f"the page threw: {error}"))
            page.goto(sys.argv[1])
            talk(page, complaints)
        except (Failure, AssertionError, Error) as error:
            print(f"quick_start: {error}")
            return 1
        finally:
            browser.close()
    print("quick_start: the page and the bot talk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
