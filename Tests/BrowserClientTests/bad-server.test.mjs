// A server that says what the protocol does not know: nothing throws, nothing freezes, and the client comes
// back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, hello, limits, push, said, settle, stored, told } from "./world.mjs";

const publication = { room: "r", ...said(4) };

/** Pushes that make no sense: the connection is given up. */
const senseless = {
    "a publication without body": { publication: { ...publication, body: undefined } },
    "a publication without user": { publication: { ...publication, user: undefined } },
    "a publication that is null": { publication: null },
    "a publication that is a list": { publication: [publication] },
    "a publication of no room": { publication: said(4) },
    "an offset that is text": { publication: { ...publication, offset: "4" } },
    "an offset that is null": { publication: { ...publication, offset: null } },
    "an offset below zero": { publication: { ...publication, offset: -1 } },
    "a time that is text": { publication: { ...publication, time: "now" } },
    "a name that is an object": { publication: { ...publication, name: {} } },
    "an epoch that is a number": { publication: { ...publication, epoch: 1 } },
    "a clientId that is a number": { publication: { ...publication, clientId: 1 } },
    "a skip without end": { skip: { room: "r", from: 4 } },
    "a skip that is true": { skip: true },
    "a reset to nowhere": { reset: { room: "r", epoch: "2-1" } },
    "a reset in no epoch": { reset: { room: "r", epoch: null, after: 1 } },
    "typing of nobody": { typing: { room: "r" } },
    "typing that is null": { typing: null },
    "a roster without version": { presence: { room: "r", join: [] } },
    "a roster whose arrivals are null": { presence: { room: "r", version: 1, join: [null] } },
    "a roster whose departures are people": { presence: { room: "r", version: 1, leave: [{ user: "a" }] } },
    "a goaway that is null": { goaway: null },
    "an error that is text": { error: "no" },
    "an error that is null": { error: null },
};

/** Frames that are not the protocol's. */
const frames = {
    "no JSON": "{", "an empty list": "[]", "null": "null", "two on a line": "{} {}",
    "binary": new ArrayBuffer(8), "a blob": { size: 8 }, "nothing": undefined, "NaN": '{"publication":NaN}',
    "half a text": '{"a":"',
    "a number without end": `{"publication":{"room":"r","offset":1e999,"time":1,"user":"b","body":1}}`,
    "ten megabytes of brackets": "[".repeat(10_000_000), "without end": `{"a":"${"x".repeat(34_000_000)}"}`,
};

/** What is passed: the connection goes on. */
const passed = {
    "an unknown push": { fireworks: { from: "r" } }, "an empty object": {},
    "an answer nobody asked for": { id: 99, ok: null },
    "an answer without number": { ok: {} }, "an id that is text": { id: "1", ok: {} },
    "a goaway without time": { heartbeat: {} },
    "a publication of another room": { publication: { ...publication, room: "x" } },
    "a room of a strange name": { publication: { ...publication, room: "__proto__" } },
    "ten megabytes": { fireworks: "x".repeat(10_000_000) },
    "half a surrogate pair": push(4, { body: "\ud800" }), "a field from the future": push(4, { mood: {} }),
    "a skip backwards": { skip: { room: "r", from: 3, to: 1 } },
};

for (const [name, message] of Object.entries(senseless)) {
    test(`${name}: the connection is given up with a sentence, and comes back`, async () => {
        await comesBack((server) => server.say(message));
    });
}
for (const [name, data] of Object.entries(frames)) {
    test(`a frame that is ${name}: the connection is given up with a sentence, and comes back`, async () => {
        await comesBack((server) => server.socket.onmessage({ data }));
    });
}
for (const [name, message] of Object.entries(passed)) {
    test(`${name} is passed`, async () => {
        const world = new World();
        const { parley, server } = await world.member("r", 3);
        await server.say(message);
        await server.say(message);
        assert.equal(parley.state.state, "open", parley.state.sentence);
    });
}

/** The connection is left, the client waits with a sentence, and all goes on where it was. */
async function comesBack(spoil) {
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    const published = parley.publish("r", { text: "mine" }, { clientId: "a" });
    await server.one("publish");
    await spoil(server);
    await settle();
    assert.equal(parley.state.state, "waiting");
    assert.match(
        parley.state.sentence, /^The server sent what is not the protocol: .+; trying again in a moment\.$/);
    assert.ok(server.isClosed);
    await world.clock.advance(500);
    const second = await world.open([stored("r", 3)]);
    assert.deepEqual(second.connect.rooms[0].since, { epoch: "1-1", offset: 3 });
    const { id, publish } = await second.one("publish");
    assert.equal(publish.clientId, "a");
    await second.ok(id, { epoch: "1-1", offset: 4, time: 1 });
    assert.equal((await published).offset, 4);
}

test("an answer that makes no sense ends the connection, and the question is asked again", async () => {
    const page = { room: "r", epoch: "1-1", head: 3, more: false, publications: [] };
    for (const [verb, ask, good, bad] of [
        ["history", (parley) => parley.history("r"), page, [
            null, 1, [], {}, { ...page, publications: null }, { ...page, publications: [null] },
            { ...page, publications: [{ ...said(1), offset: "1" }] },
            { ...page, publications: [{ offset: 1 }] },
        ]],
        ["rooms", (parley) => parley.rooms(), { rooms: [], more: false }, [
            null, {}, { rooms: {} }, { rooms: [1] },
        ]],
        ["publish", (parley) => parley.publish("r", 1), { epoch: "1-1", offset: 1, time: 1 }, [
            null, [], {}, "ok", { epoch: "1-1", offset: "1", time: 1 }, { offset: 1, time: null },
        ]],
        ["presence", (parley) => parley.presence("r"), { version: 1, count: 0, members: [] }, [
            null, { version: 1 }, { version: 1, count: 1, members: [{}] },
            { version: "1", count: 0, members: [] },
        ]],
        ["join", (parley) => parley.join("new"), stored("new", 0), [
            null, {}, { kind: "other" }, stored("new", "0"), stored("new", 1, [{}]), stored("new", 1, "all"),
            { ...stored("new", 1), epoch: null }, { ...stored("new", 1), gap: { from: 1 } },
        ]],
    ]) {
        for (const answer of bad) {
            const world = new World();
            const { parley, server } = await world.member("r", 3);
            const asked = ask(parley);
            await server.say({ id: (await server.one(verb)).id, ok: answer });
            assert.match(
                parley.state.sentence, new RegExp(`its answer to ${verb} makes no sense`),
                JSON.stringify(answer));
            await world.clock.advance(500);
            const again = await world.dialled();
            const rooms = again.connect.rooms.map(({ room }) => stored(room, 3));
            await again.ok(again.connectId, hello("guest-7", { rooms }));
            const [command] = again.take();
            if (command) await again.ok(command.id, good);
            await asked;
        }
    }
});

test("an answer that is neither ok nor an error, or comes twice", async () => {
    for (const answer of [{}, { error: null }, { error: "no" }, { ok: undefined }]) {
        const world = new World();
        const { parley, server } = await world.member("r", 3);
        parley.history("r").catch(() => {});
        await server.say({ id: (await server.one("history")).id, ...answer });
        assert.equal(parley.state.state, "waiting");
    }
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    const published = parley.publish("r", 1);
    const { id } = await server.one("publish");
    await server.say(
        { id, ok: { epoch: "1-1", offset: 1, time: 1 } }, { id, ok: { epoch: "1-1", offset: 2, time: 1 } });
    assert.equal((await published).offset, 1);
    assert.equal(parley.state.state, "open");
});

test("an answer to connect that makes no sense: the waits grow, and nothing is sent", async () => {
    const good = hello("guest-7");
    for (const answer of [
        null, 5, {}, { ...good, user: 5 }, { ...good, pingMs: "25" }, { ...good, pongMs: 0 },
        { ...good, limits: null }, { ...good, rooms: {} }, { ...good, rooms: [null] },
        { ...good, limits: { ...limits, outstanding: "many" } }, { ...good, pingMs: undefined },
    ]) {
        const world = new World();
        const parley = world.parley();
        for (const wait of [250, 500, 1000]) {
            const server = await world.dialled();
            await server.say({ id: server.connectId, ok: answer });
            assert.match(
                parley.state.sentence, /its answer to connect makes no sense/, JSON.stringify(answer));
            assert.equal(parley.state.inMs, wait);
            await world.clock.advance(wait);
        }
    }
});

test("an error without shape has name, code, sentence, and no wait that timers cannot count", async () => {
    for (const error of [
        {}, { code: "7", name: 5, message: null }, { retryAfterMs: "soon" }, { retryAfterMs: -5 },
    ]) {
        const world = new World();
        const { parley, server } = await world.member("r", 3);
        const asked = assert.rejects(
            parley.presence("r"), { name: "unknown", code: 0, message: "The server gave no reason." });
        await server.say({ id: (await server.one("presence")).id, error });
        await asked;
    }
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    parley.history("r").catch(() => {});
    const error = { code: 111, name: "unavailable", message: "…", retryAfterMs: 1e300 };
    await server.say({ id: (await server.one("history")).id, error });
    await world.clock.advance(3_599_000);
    assert.equal(told(parley, "error").length, 0);
});

test("a server that says come back at once, over and over, is not come back to at full speed", async () => {
    const world = new World();
    world.parley();
    for (let turn = 0; turn < 5; turn += 1) {
        await (await world.open()).close(4001, '{"afterMs":0}').then(() => world.clock.advance(50));
    }
    const before = world.servers.length;
    await world.servers.at(-1).close(4001, '{"afterMs":0}');
    await world.clock.advance(49);
    assert.equal(world.servers.length, before);
});

test("heartbeats without measure do not make timers run wild", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open([], { pingMs: Number.MAX_SAFE_INTEGER, pongMs: Number.MAX_SAFE_INTEGER });
    await world.clock.advance(86_400_000);
    assert.equal(parley.state.state, "open");
    assert.ok(!server.isClosed);
});
