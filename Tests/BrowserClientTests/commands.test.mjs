// Questions and their answers (protocol/chat.md, Commands and replies).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, limits, settle, stored, told } from "./world.mjs";

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

test("a question the server put off is asked again later, and ends with the client", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const page = assert.rejects(parley.history("r"), { name: "stopped" });
    await server.error((await server.one("history")).id, "unavailable", { retryAfterMs: 700 });
    await world.clock.advance(700);
    await server.error((await server.one("history")).id, "unavailable", { retryAfterMs: 700 });
    parley.close();
    await page;
});
