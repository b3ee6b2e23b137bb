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
    """Messages of one room without end: several chats at a time take turns, a new one for each that ends."""
    tables = [iter(())] * max(1, talkers // 2)
    while True:
        for place, table in enumerate(tables):
            message = next(table, None)
            while message is None:
                chat = next(queue, None)
                if chat is None:
                    return
                tables[place] = iter(chat)
                message = next(tables[place], None)
            side, text = message
            yield (place * 2 + side % 2) % talkers, text


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
    rooms = [merged(queue, asked.talkers) for _ in range(asked.rooms)]
    written = 0
    with asked.out.open("w", encoding="utf-8") as out:
        while written < asked.messages:
            for number, room in enumerate(rooms):
                message = next(room, None)
                if message is None:
                    raise SystemExit(f"chitchat.py: the dataset has only {written} messages")
                talker, text = message
                line = {"room": f"chitchat-{number}", "sender": f"talker-{talker}", "text": text}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
                written += 1
                if written == asked.messages:
                    break
    print(f"{written} messages of {asked.talkers} talkers in each of {asked.rooms} rooms: {asked.out}")


main()
