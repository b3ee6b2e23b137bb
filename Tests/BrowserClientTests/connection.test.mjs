// Coming back: back-off, close codes, goaway, what the browser knows (protocol/chat.md, The end).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Backoff } from "../../Sources/BrowserClient/Assets/client/backoff.js";
import { World, hello, push, settle, stored, waits } from "./world.mjs";

test("back-off is full jitter below a bound that doubles from minMs to maxMs", () => {
    for (const chance of [0, 0.25, 0.999999]) {
        const backoff = new Backoff(() => chance);
        backoff.advise({ minMs: 100, maxMs: 1000 });
        const bounds = [100, 200, 400, 800, 1000, 1000, 1000];
        assert.deepEqual(bounds.map(() => backoff.next()), bounds.map((bound) => Math.round(bound * chance)));
        backoff.lasted(1000);
        assert.equal(backoff.next(), Math.round(1000 * chance));
        backoff.lasted(1001);
        assert.equal(backoff.next(), Math.round(100 * chance));
    }
});

test("advice that is none is not taken", () => {
    const backoff = new Backoff(() => 1);
    const none = [undefined, {}, { minMs: 0, maxMs: 0 }, { minMs: 10, maxMs: 5 }];
    for (const advice of none) backoff.advise(advice);
    assert.equal(backoff.next(), 500);
});

test("connections that fail are tried again with growing waits; a good one starts over", async () => {
    const world = new World();
    const parley = world.parley();
    for (const wait of [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
        await settle();
        await world.servers.at(-1).close();
        assert.equal(waits(parley).at(-1), wait);
        await world.clock.advance(wait);
    }
    const server = await world.open();
    await world.clock.advance(20_001);
    await server.close();
    assert.equal(waits(parley).at(-1), 250);
});

test("a connection that ends as soon as it is open does not start over: no loop at full speed", async () => {
    const world = new World();
    const parley = world.parley();
    for (const wait of [250, 500, 1000]) {
        await (await world.open()).close();
        assert.equal(waits(parley).at(-1), wait);
        await world.clock.advance(wait);
    }
});

test("the close reason's afterMs is obeyed, and no event of the browser shortens it", async () => {
    const world = new World();
    const parley = world.parley();
    await (await world.open()).close(4001, '{"afterMs":7000}');
    assert.deepEqual(waits(parley), [7000]);
    world.events.dispatchEvent(new Event("online"));
    await world.clock.advance(6999);
    assert.equal(world.servers.length, 1);
    await world.clock.advance(1);
    assert.equal(world.servers.length, 2);
});

test("goaway: the client comes back after the time named, closed or not", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open();
    await server.say({ goaway: { afterMs: 3000 } });
    await world.clock.advance(1000);
    assert.equal(parley.state.state, "open");
    await server.close(1001);
    assert.deepEqual(waits(parley), [2000]);
    await world.clock.advance(2000);
    const second = await world.open();
    await second.say({ goaway: { afterMs: 3000 } });
    await world.clock.advance(2999);
    assert.ok(!second.isClosed);
    await world.clock.advance(1);
    assert.ok(second.isClosed);
    assert.equal(world.servers.length, 3);
});

test("goaway: until the end everything works; what was refused goes on the one new connection", async () => {
    const world = new World();
    world.chance = 0;
    const { parley, server } = await world.member("r", 3);
    await server.say({ goaway: { afterMs: 3000 } });
    const page = parley.history("r", { limit: 1 });
    const { id } = await server.one("history");
    await server.ok(id, { room: "r", epoch: "1-1", head: 3, more: false, publications: [] });
    assert.equal((await page).head, 3);
    await server.say(push(4));
    const published = parley.publish("r", { text: "late" });
    await server.error((await server.one("publish")).id, "unavailable", { retryAfterMs: 5000 });
    parley.rename("Somebody");
    world.events.dispatchEvent(new Event("online"));
    await world.clock.advance(2999);
    assert.equal(parley.state.state, "open");
    await world.clock.advance(1);
    const second = await world.open([stored("r", 4)]);
    assert.deepEqual(second.connect.rooms[0].since, { epoch: "1-1", offset: 4 });
    assert.equal(second.connect.name, "Somebody");
    await world.clock.advance(2000);
    await second.ok((await second.one("publish")).id, { epoch: "1-1", offset: 5, time: 1 });
    assert.equal((await published).offset, 5);
    await server.close(4001, '{"afterMs":0}');
    assert.equal(world.servers.length, 2);
});

test("goaway before the answer to connect: the connection still ends at the time named", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.dialled();
    await server.say({ goaway: { afterMs: 20_000 } });
    await world.clock.advance(1000);
    await server.ok(server.connectId, hello("guest-7"));
    await world.clock.advance(18_999);
    assert.equal(parley.state.state, "open");
    await world.clock.advance(1);
    assert.ok(server.isClosed);
    const second = await world.dialled();
    await second.say({ goaway: { afterMs: 20_000 } });
    // No answer at all is not what goaway excuses.
    await world.clock.advance(15_000);
    assert.ok(second.isClosed);
});

test("close codes: all of the table, and any never seen, by one comparison", async () => {
    const table = new URL("../../protocol/disconnects.json", import.meta.url);
    const codes = JSON.parse(readFileSync(table, "utf8")).map(({ code, reconnect }) => [code, reconnect]);
    assert.ok(codes.length > 3);
    for (const code of [1000, 1001, 1006, 1009, 1011, 4499]) codes.push([code, true]);
    for (const code of [1002, 1003, 1007, 4500, 4999]) codes.push([code, false]);
    for (const [code, comesBack] of codes) {
        const world = new World();
        const parley = world.parley();
        await (await world.open()).close(code, '{"reason":"Because."}');
        assert.equal(parley.state.state, comesBack ? "waiting" : "stopped", `${code}`);
        if (comesBack) continue;
        assert.deepEqual(parley.state, { state: "stopped", sentence: "Because.", code });
        await world.clock.advance(3_600_000);
        assert.equal(world.servers.length, 1);
    }
});

test("a server that never answers is given up", async () => {
    const world = new World();
    const parley = world.parley();
    await world.dialled();
    await world.clock.advance(15_000);
    assert.equal(parley.state.state, "waiting");
});

test("what is not the protocol ends the connection, not the client", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open();
    server.socket.onmessage({ data: "{" });
    assert.equal(parley.state.state, "waiting");
    assert.ok(server.isClosed);
    await server.say({ publication: {} });
});

test("offline is said, and slow tries go on; online hastens", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open();
    world.isOnline = false;
    await server.close();
    assert.equal(parley.state.state, "offline");
    await world.clock.advance(20_000);
    assert.equal(world.servers.length, 2);
    await world.servers[1].close();
    assert.equal(parley.state.state, "offline");
    world.isOnline = true;
    world.events.dispatchEvent(new Event("online"));
    await world.clock.advance(250);
    assert.equal(world.servers.length, 3);
});

test("the browser's word that the network is gone ends the countdown", async () => {
    const world = new World();
    const parley = world.parley();
    await (await world.open()).close();
    world.isOnline = false;
    world.events.dispatchEvent(new Event("offline"));
    assert.equal(parley.state.state, "offline");
});

test("an address the browser refuses stops with a sentence", async () => {
    const world = new World();
    const parley = world.parley({ WebSocket: class { constructor() { throw new SyntaxError("bad URL"); } } });
    await settle();
    assert.equal(parley.state.state, "stopped");
    assert.match(parley.state.sentence, /bad URL/);
});
