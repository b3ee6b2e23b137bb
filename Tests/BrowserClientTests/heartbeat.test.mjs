// Who is still there: pings, silences, and when to give up (protocol/chat.md, Heartbeat).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, settle } from "./world.mjs";

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
    await world.clock.advance(4999);
    assert.ok(!server.isClosed);
    await world.clock.advance(1);
    assert.ok(server.isClosed);
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
