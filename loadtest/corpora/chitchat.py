#!/usr/bin/env python3
"""Writes real conversations as JSON lines `{room, sender, text}`, for `parley-load replay`.

Usage: chitchat.py OUT.jsonl [--messages N] [--rooms N] [--talkers N] [--seed S]

The PyPI package `chitchat-dataset` (0.9.0) has 258,145 messages of two people at a time, ASCII only. Chats
are merged, message by message, so that a room has as many talkers as asked for: each side of a chat speaks
as one talker of its room, in the order it spoke.
"""
import argparse
import json
import pathlib
import random
from operator import length_hint


def chats(seed):
    """The chats in an order drawn by `seed`: lists of (side, text), sides 0, 1, …."""
    import chitchat_dataset

    conversations = list(chitchat_dataset.Dataset().values())
    random.Random(seed).shuffle(conversations)
    for conversation in conversations:
        sides = {}
        said = []
        for turn in conversation["messages"]:
            for message in turn:
                side = sides.setdefault(message["sender"], len(sides))
                said.append((side, message["text"]))
        if said:
            yield said


def merged(queue, talkers):
    """The messages of one room: several chats at a time take turns, the next follows one that ends."""
    tables = [iter(()) for _ in range(max(1, talkers // 2))]
    while True:
        for place, table in enumerate(tables):
            message = next(table, None)
            while message is None and (chat := next(queue, None)):
                tables[place] = iter(chat)
                message = next(tables[place])
            if message is not None:
                side, text = message
                yield (place * 2 + side % 2) % talkers, text
        if not any(length_hint(table) for table in tables):
            return


def main():
    """Deals the chats out to the rooms until there are enough messages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rooms", type=int, default=8)
    parser.add_argument("--talkers", type=int, default=20, help="in each room")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    queue = chats(asked.seed)
    rooms = dict(enumerate(merged(queue, asked.talkers) for _ in range(asked.rooms)))
    written = 0
    with asked.out.open("w", encoding="utf-8") as out:
        while rooms and written < asked.messages:
            for number in list(rooms)[: asked.messages - written]:
                message = next(rooms[number], None)
                if message is None:
                    del rooms[number]
                    continue
                talker, text = message
                line = {"room": f"chitchat-{number}", "sender": f"talker-{talker}", "text": text}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
                written += 1
    if written < asked.messages:
        raise SystemExit(f"chitchat.py: the dataset has only {written} messages")
    print(f"{written} messages of {asked.talkers} talkers in each of {asked.rooms} rooms: {asked.out}")


main()
