// The browser client plays protocol/transcripts, as the server's cores do.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { TranscriptPlayer } from "./transcript-player.mjs";

const folder = new URL("../../protocol/transcripts/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5));
const read = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));

/** What a transcript's clients send and no page can make the client send, `client verb`, and why not. */
const left = {
    "commands-before-connect": [
        ["1 join", "1 publish", "1 pong", "connect comes first"],
        ["1 connect", "1 connect", "1 connect", "1 connect",
            "a connection has one connect: a refused one ends it"],
        ["1 shout", "3 {broken", "the client speaks the protocol"],
    ],
    "connect-timeout": [["1 ping", "1 ping", "connect comes first, and at once"]],
    "grants": [["2 leave", "3 typing", "a page leaves, and types in, rooms that it has joined"]],
    "presence-and-grace": [["1 pong", "3 pong", "1 pong", "pongs answer pings"]],
    "refresh": [["1 refresh", "a token function that gives none is not told to the server"]],
    "slow-reader-closed": [["2 pong", "pongs answer pings"]],
    "token-connect": [
        ["1 connect", "1 connect", "1 connect", "1 connect", "1 connect", "2 connect", "3 connect",
            "3 connect", "3 connect", "a connection has one connect: a refused one ends it"],
        ["2 ping", "4 refresh", "connect comes first"],
    ],
    "typing-rate": [["1 typing", "1 typing", "that we type is repeated every three seconds"]],
    "typing": [
        ["1 typing", "that we stopped is said once"],
        ["1 typing", "1 typing", "the room was not joined"],
    ],
};

for (const name of names) {
    test(`${name}: ${read(name).about}`, async () => {
        const player = new TranscriptPlayer(read(name));
        await player.play();
        const expected = (left[name] ?? []).flatMap((reasoned) => reasoned.slice(0, -1));
        assert.deepEqual(player.left.sort(), expected.sort());
        assert.equal(player.said.length === 0, name === "connect-timeout");
    });
}

test("a player whose client says or tells something else says so", async () => {
    const hello = {
        session: "$_", user: "ada", serverTime: 1, pingMs: 25_000, pongMs: 20_000, limits: "$_", rooms: [],
    };
    const room = { room: "r", kind: "stored", epoch: "1", head: 0, publications: [] };
    const connect = { send: { id: 1, connect: { user: "ada", rooms: [] } } };
    const begin = [connect, { server: { id: 1, ok: hello } }];
    for (const steps of [
        [connect, { send: { id: 2, connect: { user: "eve" } } },
            { server: { id: 1, ok: { ...hello, rooms: [room] } } },
            { server: { publication: { room: "r", offset: 1, time: 1, user: "b", body: 1 } } }],
        [...begin, { server: { publication: { room: "r", offset: 1, time: 1, user: "b", body: 1 } } }],
        [...begin, { send: { id: 2, publish: { room: "r", clientId: "a", body: 1 } } },
            { server: { id: 2, ok: { epoch: "1", offset: 1, time: 1 } } }, { closed: 4500 }, { closed: 4500 },
            { send: { id: 1, connect: { user: "eve" } } }, { server: { id: 1, ok: hello } }],
    ]) {
        await assert.rejects(new TranscriptPlayer({ steps }).play());
    }
});
