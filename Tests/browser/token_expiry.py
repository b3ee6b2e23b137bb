#!/usr/bin/env python3
"""A page that was opened by a link with a token: where the token goes, and what happens when it has expired.

Usage: token_expiry.py BASE_URL SCREENSHOT_FOLDER

Whoever runs this does what `ask` says: `token USER SECONDS GRANT...` returns one whose session lasts so long,
`down` kills the server, `up` starts it.
"""
import re
import time

from playwright.sync_api import expect

from window import (
    BACK_MS, GONE, ask, await_state, await_texts, composer, demand, drafts, follow_link, main, say,
)

# In seconds. Long enough for a page to connect on a machine that does ten other things.
LIFE = 8
DRAFT = "Written before the token expired."
UNSENT = "Typed, and not sent"
SENTENCE = re.compile("session|sign|token|link", re.IGNORECASE)


def check_address(page, token, room):
    """The token is neither in the address nor one step back."""
    address = page.evaluate("location.href")
    demand("token" not in address and token not in address, f"the address still says {address}")
    demand(address.endswith(f"#{room}"), f"the address is {address}")
    steps = page.evaluate("history.length")
    demand(steps <= 2, "the link with the token is a step of its own in the history")


def await_end(page, who):
    await_state(page, "stopped", f"{who} is told that the token has expired", timeout=BACK_MS)
    expect(page.locator("#state"), f"{who} is told in words").to_have_text(SENTENCE)


def play(stage, base):
    base = base.rstrip("/")
    bob = stage.guest(base, ask("token", "bob", str(LIFE), "team"), "team", "Bob")
    token = ask("token", "ann", "3600", "team")
    ann = stage.guest(base, token, "team", "Ann")
    check_address(ann, token, "team")
    say(ann, "Hello.")
    await_texts(ann, "Ann", ["Hello."])
    ann.reload()
    await_texts(ann, "Ann, whose tab keeps the token,", ["Hello."])

    # Bob's expires while he is connected, Ann's while the server is gone.
    until = time.monotonic() + LIFE
    follow_link(ann, base, ask("token", "ann", str(LIFE), "team"), "team")
    await_texts(ann, "Ann, by a link in the same tab,", ["Hello."])
    await_end(bob, "Bob")
    ask("down")
    expect(ann.locator("#state")).not_to_have_attribute("data-state", "open")
    say(ann, DRAFT)
    composer(ann).fill(UNSENT)
    expect(drafts(ann, DRAFT), "what Ann writes waits").to_have_count(1)
    ann.wait_for_timeout(max(0, until + 0.5 - time.monotonic()) * 1000)
    ask("up")
    await_end(ann, "Ann")
    expect(drafts(ann, DRAFT), "Ann's draft is still there").to_have_count(1)
    expect(composer(ann), "what Ann typed is still there").to_have_value(UNSENT)
    stage.picture(ann, "token-expired")

    token = ask("token", "ann", "3600", "team")
    follow_link(ann, base, token, "team")
    await_texts(ann, "Ann", ["Hello.", DRAFT])
    expect(composer(ann), "what Ann typed is there again").to_have_value(UNSENT)
    address = ann.evaluate("location.href")
    demand(token not in address, f"the address still says {address}")
    return "an expired token was told in words, and a fresh link sent what had waited"


if __name__ == "__main__":
    main(play, seconds=60, allowed=GONE)
