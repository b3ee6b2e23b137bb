#!/usr/bin/env python3
"""Two pages on two instances talk; one instance dies, comes back, and its page recovers what it missed.

Usage: two_instances.py BASE_A BASE_B SCREENSHOT_FOLDER

Whoever runs this does what `ask` says: `down` kills the instance of BASE_A, `up` starts it again. What Bob
says meanwhile reaches Ann, whose page never reloads, in the reply to `connect`: the frames are overheard, and
no `history` is asked for.
"""
import secrets

from playwright.sync_api import expect

from window import (
    BACK_MS, GONE, ask, await_state, await_texts, composer, demand, main, offsets, person, say,
)


def in_roster(page, name):
    expect(person(page, name), f"{name} is in the other one's roster").to_have_count(1)


def recovered(frames, room):
    """What the last reply to `connect` carried of the room, since where, and the verbs sent after it."""
    place = max(n for n, (direction, message) in enumerate(frames)
                if direction == "sent" and "connect" in message)
    number = frames[place][1]["id"]
    after = frames[place + 1:]
    reply = next(message for direction, message in after
                 if direction == "received" and message.get("id") == number)
    carried = [row["body"]["text"] for answer in reply["ok"]["rooms"] if answer["room"] == room
               for row in answer["publications"]]
    asked = [entry.get("since") for entry in frames[place][1]["connect"]["rooms"] if entry["room"] == room]
    verbs = [key for direction, message in after if direction == "sent" for key in message if key != "id"]
    return carried, asked, verbs


def talk(ann, bob):
    said = []
    for number in range(1, 4):
        for page, name in ((ann, "Ann"), (bob, "Bob")):
            said.append(f"{name} says {number}")
            say(page, said[-1])
            await_texts(ann, "Ann", said)
            await_texts(bob, "Bob", said)
    return said


def play(stage, base_a, base_b):
    frames = []
    room = f"two-instances-{secrets.token_hex(4)}"
    ann = stage.window(base_a, room, "Ann", frames)
    bob = stage.window(base_b, room, "Bob")
    in_roster(ann, "Bob")
    in_roster(bob, "Ann")
    said = talk(ann, bob)
    # Slowly: marks are told once a second, and the last message had one.
    composer(bob).press_sequentially("hm, let me see", delay=100)
    expect(ann.locator("#typing"), "Ann sees that Bob types elsewhere").to_contain_text("Bob")
    stage.picture(ann, "instances-ann")
    composer(bob).fill("")
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
    await_state(ann, "open", "Ann's page comes back by itself", timeout=BACK_MS)
    await_texts(ann, "Ann", said)
    carried, asked, verbs = recovered(frames, room)
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
    stage.picture(bob, "instances-bob")
    ann.reload()
    await_texts(ann, "Ann, who reloaded,", said)
    return "two users on two instances talked, and one recovered by position what it missed"


if __name__ == "__main__":
    main(play, seconds=90, allowed=GONE)
