#!/usr/bin/env python3
"""What was said is there in a new window, after the server was stopped and started again.

Usage: after_restart.py BASE_URL SCREENSHOT_FOLDER

Whoever runs this does what `ask` says: `restart` stops the server and starts it where it was.
"""
from window import ask, await_texts, main, say

ROOM = "after-restart"
SENTENCE = "This was said before the server stopped."


def play(stage, base):
    ann = stage.window(base, ROOM, "Ann")
    say(ann, SENTENCE)
    await_texts(ann, "Ann", [SENTENCE])
    ann.context.close()
    ask("restart")
    ann = stage.window(base, ROOM, "Ann")
    await_texts(ann, "Ann, after the restart,", [SENTENCE])
    stage.picture(ann, "after-restart")
    return "the conversation outlived its server"


if __name__ == "__main__":
    main(play)
