"""Fills a room as fast as the server stores: several people talk at once, each far ahead of the answers."""
import asyncio
import itertools
import json
import random
import time

from websockets.asyncio.client import connect

PEOPLE = ("Ann", "Bob", "Cem", "Dora", "Emil", "Füsun")
AHEAD = 100
WORDS = ("the a train was late again and nobody had told her so "
    "she walked home through rain with an old map").split()


def text(number):
    """Something of any length: mostly a line, at times many, at times very many; the same for the same
    number."""
    chance = random.Random(number)
    words = chance.choices(WORDS, k=chance.choice((1, 2, 3, 5, 8, 12, 30)))
    kind = chance.random()
    if kind < 0.03:
        lines = "\n".join(" ".join(chance.choices(WORDS, k=6)) for _ in range(chance.choice((3, 10, 40))))
        return f"{number}\n```\n{lines}\n```"
    if kind < 0.06:
        return f"{number} https://example.org/{'/'.join(words)}"
    return f"{number} {' '.join(words)}"


async def fill(address, room, count, people=PEOPLE):
    """Has `count` messages said in the room, over `ws://HOST:PORT/ws`; returns when all are stored."""
    numbers = itertools.count(1)
    await asyncio.gather(*(talk(address, room, count, numbers, name) for name in people))


def dial(address):
    return connect(address, subprotocols=["parley.v1"], compression=None, max_size=None)


async def talk(address, room, count, numbers, name):
    async with dial(address) as socket:
        await socket.send(json.dumps({"id": 0, "connect": {"user": name.lower(), "name": name}}))
        places = asyncio.Semaphore(AHEAD)
        reading = asyncio.create_task(read(socket, places))
        while (number := next(numbers)) <= count and not reading.done():
            await places.acquire()
            draft = {"room": room, "clientId": f"{name.lower()}-{number}".encode("ascii", "replace").decode(),
                     "body": {"text": text(number)}}
            await socket.send(json.dumps({"id": number, "publish": draft}))
        # All places are free again when all are answered.
        free = asyncio.gather(*(places.acquire() for _ in range(AHEAD)))
        await asyncio.wait((reading, free), return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            free.cancel()
            raise RuntimeError(f"{name}'s connection ended: {reading.exception()}")
        reading.cancel()


async def read(socket, places):
    async for frame in socket:
        for line in frame.split("\n"):
            message = json.loads(line)
            if "error" in message:
                raise RuntimeError(f"The server refused: {message['error']}")
            if message.get("id"):
                places.release()
            if "ping" in message:
                await socket.send('{"pong":{}}')


async def trickle(address, room, rate, seconds, name="Ann"):
    """Has `rate` messages a second said in the room, evenly, by one person."""
    async with dial(address) as socket:
        await socket.send(json.dumps({"id": 0, "connect": {"user": name.lower(), "name": name}}))
        reading = asyncio.create_task(read(socket, asyncio.Semaphore(0)))
        begin = time.monotonic()
        for number in range(1, rate * seconds + 1):
            await asyncio.sleep(max(0, begin + number / rate - time.monotonic()))
            draft = {"room": room, "clientId": f"trickle-{begin}-{number}", "body": {"text": text(number)}}
            await socket.send(json.dumps({"id": number, "publish": draft}))
        reading.cancel()
