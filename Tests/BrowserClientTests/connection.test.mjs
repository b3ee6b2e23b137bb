// Coming and staying: back-off, close codes, heartbeats, tokens (protocol/chat.md, Heartbeats and Disconnects).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Backoff } from "../../Sources/BrowserClient/Assets/backoff.js";
import { World, limits, settle, stored, told } from "./world.mjs";

const waits = (parley) => told(parley, "state").filter(({ state }) => state === "waiting").map(({ inMs }) => inMs);

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
    for (const advice of [undefined, {}, { minMs: 0, maxMs: 0 }, { minMs: 10, maxMs: 5 }]) backoff.advise(advice);
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

test("close codes: all of the table, and any never seen, by one comparison", async () => {
    const table = new URL("../../protocol/disconnects.json", import.meta.url);
    const codes = JSON.parse(readFileSync(table, "utf8")).map(({ code, reconnect }) => [code, reconnect]);
    assert.ok(codes.length > 3);
    for (const [code, comesBack] of [...codes, [1000, true], [1001, true], [1002, false], [1003, false], [1007, false],
        [1009, true], [1006, true], [1011, true], [4499, true], [4500, false], [4999, false]]) {
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

test("a heartbeat is answered", async () => {
    const world = new World();
    world.parley();
    const server = await world.open();
    await server.say({ ping: {} });
    assert.deepEqual(await server.one("pong"), { pong: {} });
});

test("an idle client that hears nothing for pingMs + pongMs comes back", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open();
    await world.clock.advance(30_000);
    await server.say({ ping: {} });
    server.take();
    await world.clock.advance(44_999);
    assert.equal(parley.state.state, "open");
    await world.clock.advance(1);
    assert.ok(server.isClosed);
    assert.equal(parley.state.state, "waiting");
});

test("a client that sends asks before it gives up", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    await world.clock.advance(40_000);
    parley.typing("r");
    await world.clock.advance(5000);
    const ping = (await settle(), server.take()).find((message) => message.ping);
    assert.ok(ping);
    await server.ok(ping.id, { time: 1 });
    await world.clock.advance(44_000);
    assert.equal(parley.state.state, "open");
    await world.clock.advance(21_000);
    assert.ok(server.isClosed);
});

test("a page that comes back after a silence asks at once", async () => {
    const world = new World();
    world.parley();
    const server = await world.open();
    world.events.dispatchEvent(new Event("focus"));
    await server.none();
    await world.clock.advance(30_000);
    world.events.dispatchEvent(new Event("pageshow"));
    world.events.dispatchEvent(new Event("focus"));
    await server.one("ping");
    await world.clock.advance(19_999);
    assert.ok(!server.isClosed);
    await world.clock.advance(1);
    assert.ok(server.isClosed);
});

test("a server that never answers is given up", async () => {
    const world = new World();
    const parley = world.parley();
    await world.dialled();
    await world.clock.advance(15_000);
    assert.equal(parley.state.state, "waiting");
});

test("a command without an answer for so long needs no further question", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    await world.clock.advance(20_000);
    parley.history("r").catch(() => {});
    await world.clock.advance(24_999);
    assert.ok(!server.isClosed);
    await world.clock.advance(1);
    assert.ok(server.isClosed);
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

test("a token function is asked at each connect, and once more after unauthorized", async () => {
    const world = new World();
    let count = 0;
    const parley = world.parley({ token: async () => `t${++count}`, name: "not said", user: "nor this" });
    const server = await world.open();
    assert.deepEqual({ ...server.connect, client: 0 }, { token: "t1", client: 0, rooms: [] });
    await server.close();
    await world.clock.advance(500);
    const second = await world.dialled();
    assert.equal(second.connect.token, "t2");
    await second.error(second.connectId, "unauthorized");
    await world.clock.advance(1000);
    const third = await world.dialled();
    assert.equal(third.connect.token, "t3");
    await third.error(third.connectId, "unauthorized");
    assert.deepEqual(parley.state, { state: "stopped", sentence: "unauthorized.", code: 104 });
});

test("a token that is a string is not offered twice after unauthorized", async () => {
    const world = new World();
    const parley = world.parley({ token: "t" });
    const server = await world.dialled();
    await server.error(server.connectId, "unauthorized");
    assert.equal(parley.state.state, "stopped");
});

test("a token function that fails is asked again later", async () => {
    const world = new World();
    let count = 0;
    const parley = world.parley({ token: async () => { if (++count === 1) throw new Error("no network"); return "t"; } });
    await settle();
    assert.equal(parley.state.state, "waiting");
    await world.clock.advance(250);
    assert.equal((await world.dialled()).connect.token, "t");
});

test("connect refused for the moment comes back after the time named", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.dialled();
    await server.error(server.connectId, "unavailable", { retryAfterMs: 1500 });
    assert.deepEqual(waits(parley), [1500]);
});

test("an address the browser refuses stops with a sentence", async () => {
    const world = new World();
    const parley = world.parley({ WebSocket: class { constructor() { throw new SyntaxError("bad URL"); } } });
    await settle();
    assert.equal(parley.state.state, "stopped");
    assert.match(parley.state.sentence, /bad URL/);
});

test("rename says the new name on a new connection at once, and loses no position", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 3, { name: "Ann" });
    assert.equal(server.connect.name, "Ann");
    parley.rename("Anna");
    assert.ok(server.isClosed);
    const second = await world.dialled();
    assert.equal(second.connect.name, "Anna");
    assert.equal(second.connect.rooms[0].since.offset, 3);
    await server.close();
    assert.equal(world.servers.length, 2);
});

test("a read whose connection breaks is asked again; a measurement is not", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const page = parley.history("r", { before: 9, limit: 2 });
    const ping = assert.rejects(parley.ping(), { name: "disconnected" });
    await settle();
    assert.equal(server.take().length, 2);
    await server.close();
    await ping;
    await world.clock.advance(500);
    const second = await world.open([stored("r", 0)]);
    const { id, history } = await second.one("history");
    assert.deepEqual(history, { room: "r", before: 9, limit: 2 });
    const answer = { room: "r", epoch: "1-1", head: 9, more: false, publications: [] };
    await second.ok(id, answer);
    assert.deepEqual(await page, answer);
});

test("rooms and ping", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const rooms = parley.rooms({ limit: 5 });
    const command = await server.one("rooms");
    assert.deepEqual(command.rooms, { limit: 5 });
    await server.ok(command.id, { rooms: [], more: false });
    assert.deepEqual(await rooms, { rooms: [], more: false });
    const ping = parley.ping();
    const { id } = await server.one("ping");
    world.clock.time += 42;
    await server.ok(id, { time: 1 });
    assert.equal(await ping, 42);
});

test("an error that belongs to no command is told; a push nobody knows is passed", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open();
    await server.say({ error: { code: 106, name: "notJoined", message: "Join first." } }, { fireworks: {} });
    assert.equal(told(parley, "error")[0].name, "notJoined");
    assert.equal(limits.outstanding, 256);
});
