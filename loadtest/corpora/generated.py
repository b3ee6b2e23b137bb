#!/usr/bin/env python3
"""Writes made-up messages as JSON lines, for `parley-load replay`: everything real ones of one place lack.

Usage: generated.py OUT.jsonl [--messages N] [--rooms N] [--talkers N] [--seed S]

Characters of four bytes, joined emoji, right-to-left, CJK, combining marks, quotes, backslashes, escapes,
U+2028 and U+2029, line ends; bodies up to the server's limit; and bodies that are no objects. U+0000 is not
among them: the protocol refuses it.
"""
import argparse
import json
import pathlib
import random

# The default of `limits.bodyBytes`, in bytes of JSON.
BODY_BYTES = 32768

PIECES = [
    "😀", "🚀🔥", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇺🇳", "1️⃣",
    "שלום עולם", "مرحبا بالعالم", "‏abc‎ אבג", "\u202ereversed\u202c", "你好，世界", "こんにちは", "안녕하세요",
    "e\u0301", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘", "हिन्दी", "ไทย", "ﬁ", "\ufeff", "\ufffd", "\U0010ffff",
    '"', "'", "`", "\\", "\\\\", "\\n", "\\u0041", "/", "</script>", "{}", "[]", "null", "%00", "$1", "';--",
    "\n", "\r\n", "\r", "\t", "\b", "\f", "\u001f", "\u007f", "\u0085", "\u2028",
    "\u2029", "\u200b", " ", "  ",
]


def text(chance, length):
    """About `length` characters of all kinds."""
    said = []
    left = length
    while left > 0:
        piece = chance.choice(PIECES) if chance.random() < 0.7 else chance.choice(["word", "Ünïcödé", "x"])
        said.append(piece)
        left -= max(1, len(piece))
    return "".join(said)


def spelled(value, chance):
    """JSON of the value: with or without escapes for what is not ASCII, with or without spaces."""
    separators = chance.choice([(",", ":"), (", ", ": "), (" ,\t", " : ")])
    return json.dumps(value, ensure_ascii=chance.random() < 0.3, separators=separators)


def largest(chance):
    """A body of exactly as many bytes as the server takes, or just below."""
    size = BODY_BYTES - chance.choice([0, 0, 1, 2, 100])
    start, end = '{"text":"', '"}'
    character = chance.choice(["x", "é", "漢", "😀", "\\n", "\\u2028"])
    width = len(character.encode())
    room = size - len(start) - len(end)
    return start + character * (room // width) + "x" * (room % width) + end


def other(chance):
    """A body that is no object with a text."""
    number = chance.choice(["0", "-0", "1e400", "-1.5E-7", "123456789012345678901234567890", "0.10", "1E+2"])
    return chance.choice(
        [
            lambda: number,
            lambda: "null",
            lambda: "true",
            lambda: "false",
            lambda: spelled(text(chance, 10), chance),
            lambda: '""',
            lambda: "[]",
            lambda: "{}",
            lambda: spelled([1, [text(chance, 5)], None, {"a": []}], chance),
            lambda: spelled({text(chance, 3): text(chance, 5), "": 1}, chance),
            # A name twice, and a number no program can hold: the archive keeps bytes, not values.
            lambda: '{"a":1,"a":2,"n":' + number + "}",
            # In a page of `connect` six levels lie around it; then it is 64, all that our reader reads.
            lambda: "[" * 58 + "]" * 58,
            lambda: '{ "text" : "\\ud83d\\ude00 \\/ \\u00e9" , "x" : [ 1 , 2 ] }',
        ]
    )()


def body(chance):
    """One body, as JSON on one line."""
    dice = chance.random()
    if dice < 0.01:
        return largest(chance)
    if dice < 0.05:
        return spelled({"text": text(chance, chance.randint(500, 4000))}, chance)
    if dice < 0.30:
        return other(chance)
    return spelled({"text": text(chance, chance.randint(1, 60))}, chance)


def main():
    """Writes so many messages of random talkers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--messages", type=int, default=5_000)
    parser.add_argument("--rooms", type=int, default=2)
    parser.add_argument("--talkers", type=int, default=20, help="in each room")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    scripts = ["אב", "漢字", "é"]
    rooms = [f"generated-{number} 🗣️ «{chance.choice(scripts)}»/%2F?#" for number in range(asked.rooms)]
    talkers = [f"talker {number} {chance.choice(PIECES[:20])}" for number in range(asked.talkers)]
    with asked.out.open("w", encoding="utf-8", newline="\n") as out:
        for _ in range(asked.messages):
            names = {"room": chance.choice(rooms), "sender": chance.choice(talkers)}
            # The body stands in the line as it will stand on the wire, spaces and escapes included.
            line = json.dumps(names, ensure_ascii=False)[:-1] + ', "body": ' + body(chance) + "}"
            out.write(line + "\n")
    print(f"{asked.messages} messages of {asked.talkers} talkers in each of {asked.rooms} rooms: {asked.out}")


main()
