#!/usr/bin/env python3
"""What was written is not lost: not by a dead server and a reload, and not where the server refuses it.

Usage: drafts.py BASE_URL TOKEN_BASE_URL SCREENSHOT_FOLDER

Whoever runs this does what `ask` says: `down` kills the server of BASE_URL, `up` starts it so that pages load
and WebSockets do not, `mend` lets them. The server of TOKEN_BASE_URL wants tokens:
`token USER SECONDS GRANT...` returns one, `deaf` breaks its WebSockets until `mend`.
"""
from playwright.sync_api import expect

from window import (
    BACK_MS, GONE, ask, await_state, await_texts, composer, demand, drafts, follow_link, main, offsets,
    open_room, say,
)

BEFORE = "Said before."
WRITTEN = ["Written first,", "then this,", "and this."]
UNSENT = "Not finished, nor sent"
FORBIDDEN = ["Refused, and sent in the end.", "Refused, and given up."]
ROOMS = ["team", "notice=join,history,presence"]


def await_drafts(page, state, wanted, when):
    expect(drafts(page, state=state), f"{when} the drafts are there").to_have_count(len(wanted))
    shown = drafts(page).locator(".text").all_inner_texts()
    demand(shown == wanted, f"{when} the drafts are {shown}")


def survive(ann):
    """Server dead, page reloaded: the drafts wait, in their order, and go when it is back."""
    say(ann, BEFORE)
    await_texts(ann, "Ann", [BEFORE])
    ask("down")
    state = ann.locator("#state")
    expect(state, "the page says that the server is gone").not_to_have_attribute("data-state", "open")
    for text in WRITTEN:
        say(ann, text)
    composer(ann).fill(UNSENT)
    await_drafts(ann, "waiting", WRITTEN, "while the server is down")
    ask("up")
    for when in ("after a reload", "after another reload"):
        ann.reload()
        await_drafts(ann, "waiting", WRITTEN, when)
        expect(composer(ann), f"{when} the text is still in the composer").to_have_value(UNSENT)
    ask("mend")
    await_state(ann, "open", "the page connects when it can", timeout=BACK_MS)
    await_texts(ann, "Ann", [BEFORE, *WRITTEN])
    demand(offsets(ann) == [1, 2, 3, 4], f"the offsets shown are {offsets(ann)}")
    expect(composer(ann), "what was not sent was not sent").to_have_value(UNSENT)
    ann.reload()
    await_texts(ann, "Ann, after the last reload,", [BEFORE, *WRITTEN])
    expect(composer(ann), "the text waits as long as it must").to_have_value(UNSENT)
    composer(ann).fill("")


def be_too_long(ann):
    """A text the server would refuse is told before it is sent, and stays to be shortened."""
    text = "é" * 20_000
    composer(ann).fill(text)
    composer(ann).press("Enter")
    hint = ann.locator("#composer-hint")
    expect(hint, "the page says that it is too long").to_contain_text("long")
    expect(composer(ann), "the text is still there").to_have_value(text)
    expect(drafts(ann), "it was not tried").to_have_count(0)
    composer(ann).fill(text[:10_000])
    expect(hint, "what is short enough is not complained of").not_to_contain_text("long")
    composer(ann).fill("")


def publishes(frames):
    return [message["publish"] for way, message in frames if way == "sent" and "publish" in message]


def be_refused(stage, ann, base, frames):
    """A draft refused for good is shown with the reason until somebody decides."""
    open_room(ann, "notice")
    ask("deaf")
    expect(ann.locator("#state")).not_to_have_attribute("data-state", "open")
    for text in FORBIDDEN:
        say(ann, text)
    await_drafts(ann, "waiting", FORBIDDEN, "before the server was asked")
    ask("mend")
    await_state(ann, "open", "the page comes back", timeout=BACK_MS)
    await_drafts(ann, "failed", FORBIDDEN, "after the refusal")
    mark = drafts(ann, FORBIDDEN[0]).locator(".mark")
    expect(mark, "the mark says why").to_contain_text("may not write")
    stage.picture(ann, "drafts-refused")
    ann.reload()
    await_drafts(ann, "failed", FORBIDDEN, "after a reload")
    expect(mark, "after a reload the mark says why").to_contain_text("may not write")

    frames.clear()
    drafts(ann, FORBIDDEN[0]).locator("button.retry").click()
    # What is sent again is sent after what was written meanwhile.
    await_drafts(ann, "failed", FORBIDDEN[::-1], "after another refusal")
    demand(len(publishes(frames)) == 1, f"trying again sent {publishes(frames)}")
    drafts(ann, FORBIDDEN[1]).locator("button.discard").click()
    await_drafts(ann, "failed", FORBIDDEN[:1], "after one was discarded")
    ann.reload()
    await_drafts(ann, "failed", FORBIDDEN[:1], "after a reload")

    # A token that allows more, by a fresh link in the same tab.
    follow_link(ann, base, ask("token", "ann", "3600", "team", "notice"), "notice")
    await_drafts(ann, "failed", FORBIDDEN[:1], "with another token")
    drafts(ann, FORBIDDEN[0]).locator("button.retry").click()
    await_texts(ann, "Ann", FORBIDDEN[:1])
    ann.reload()
    await_texts(ann, "Ann, after a reload,", FORBIDDEN[:1])


def play(stage, base, token_base):
    ann = stage.window(base, "team", "Ann")
    survive(ann)
    stage.picture(ann, "drafts-survived")
    be_too_long(ann)
    ann.context.close()
    frames = []
    ann = stage.guest(token_base, ask("token", "ann", "3600", *ROOMS), "team", "Ann", frames)
    be_refused(stage, ann, token_base, frames)
    return "drafts outlived the server and reloads, and refused ones wait for a decision"


if __name__ == "__main__":
    main(play, seconds=90, allowed=GONE)
