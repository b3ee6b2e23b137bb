#!/usr/bin/env python3
"""Two pages on two instances talk; one instance dies, comes back, and its page recovers what it missed.

Usage: two_instances.py BASE_A BASE_B SCREENSHOT_FOLDER

The instances belong to whoever runs this, as in live_through_kill.py: `down` kills the one of BASE_A, `up`
starts it again. What Bob says meanwhile reaches Ann, whose page never reloads, in the reply to `connect`:
the frames are overheard, and no `history` is asked for. Ends with 1 and a sentence where not.
"""
import pathlib
import re
import secrets
import sys

from playwright.sync_api import Error, expect, sync_playwright

from live_through_kill import BACK_MS, ask
from window import Failure, STEP_MS, await_texts, bound, demand, launch, offsets, open_window, say

SECONDS = 90


def in_roster(page, name):
    here = page.locator("#people li", has_text=re.compile(rf"^{name}$"))
    expect(here, f"{name} is in the other one's roster").to_have_count(1)


def recovered(frames):
    """What the last reply to `connect` carried, and the verbs sent after that `connect`."""
    place = max(n for n, (direction, message) in enumerate(frames)
                if direction == "sent" and "connect" in message)
    number = frames[place][1]["id"]
    after = frames[place + 1:]
    reply = next(message for direction, message in after
                 if direction == "received" and message.get("id") == number)
    carried = [row["body"]["text"] for room in reply["ok"]["rooms"] for row in room["publications"]]
    asked = [room.get("since") for room in frames[place][1]["connect"]["rooms"]]
    verbs = [key for direction, message in after if direction == "sent" for key in message if key != "id"]
    return carried, asked, verbs


def live(ann, bob, frames, folder):
    """From the first word to the last."""
    in_roster(ann, "Bob")
    in_roster(bob, "Ann")
    said = []
    for number in range(1, 4):
        for page, name in ((ann, "Ann"), (bob, "Bob")):
            said.append(f"{name} says {number}")
            say(page, said[-1])
            await_texts(ann, "Ann", said)
            await_texts(bob, "Bob", said)
    bob.locator("#composer textarea").press_sequentially("hm, let me see", delay=150)
    expect(ann.locator("#typing"), "Ann sees that Bob types elsewhere").to_contain_text("Bob")
    ann.screenshot(path=folder / "instances-ann.png")
    bob.locator("#composer textarea").fill("")
    for page in (ann, bob):
        page.evaluate("window.isFirstLoad = true")

    ask("down")
    state = ann.locator("#state")
    expect(state, "Ann's page says that its server is gone").not_to_have_attribute("data-state", "open")
    missed = [f"While you were away {number}" for number in range(1, 6)]
    for text in missed:
        said.append(text)
        say(bob, text)
        await_texts(bob, "Bob", said)
    ask("up")
    expect(state, "Ann's page comes back by itself").to_have_attribute("data-state", "open", timeout=BACK_MS)
    await_texts(ann, "Ann", said)
    carried, asked, verbs = recovered(frames)
    demand(carried == missed, f"the reply to connect carried {carried} for {asked}")
    demand("history" not in verbs, f"after connect Ann's page asked for {verbs}")

    say(ann, "And on.")
    said.append("And on.")
    for page, name in ((ann, "Ann"), (bob, "Bob")):
        await_texts(page, name, said)
        demand(offsets(page) == list(range(1, len(said) + 1)), f"{name} sees the offsets {offsets(page)}")
        demand(page.evaluate("window.isFirstLoad") is True, f"{name}'s page was loaded again")
    in_roster(bob, "Ann")
    in_roster(ann, "Bob")
    bob.screenshot(path=folder / "instances-bob.png")
    ann.reload()
    await_texts(ann, "Ann, who reloaded,", said)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    bases = [base.rstrip("/") for base in sys.argv[1:3]]
    folder = pathlib.Path(sys.argv[3])
    bound(SECONDS)
    expect.set_options(timeout=STEP_MS)
    complaints, frames = [], []
    room = f"two-instances-{secrets.token_hex(4)}"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        ann = None
        try:
            ann = open_window(browser, bases[0], room, "Ann", complaints, frames)
            bob = open_window(browser, bases[1], room, "Bob", complaints)
            live(ann, bob, frames, folder)
            # That nobody listens there is the browser's own complaint, and true.
            odd = [complaint for complaint in complaints if "WebSocket connection to" not in complaint]
            demand(not odd, "; ".join(odd))
        except (Failure, AssertionError, Error) as error:
            if ann:
                ann.screenshot(path=folder / "failed-instances.png")
            print(f"two_instances: {error}")
            return 1
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
