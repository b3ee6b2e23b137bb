// Who we say we are, and what becomes of a refusal (protocol/chat.md, connect).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, settle, waits } from "./world.mjs";

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
    const parley = world.parley({
        token: async () => {
            if (++count === 1) throw new Error("no network");
            return "t";
        },
    });
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

test("a token refused after a connect that was only put off is asked for anew all the same", async () => {
    const world = new World();
    let count = 0;
    const parley = world.parley({ token: () => `t${++count}` });
    const first = await world.dialled();
    await first.error(first.connectId, "unavailable", { retryAfterMs: 100 });
    await world.clock.advance(100);
    const second = await world.dialled();
    await second.error(second.connectId, "unauthorized");
    assert.equal(parley.state.state, "waiting");
    await world.clock.advance(1000);
    assert.equal((await world.dialled()).connect.token, "t3");
});

test("rename while it waits does not shorten the wait; the next connect says the new name", async () => {
    const world = new World();
    const parley = world.parley({ name: "Ann" });
    await (await world.open()).close(4001, '{"afterMs":5000}');
    parley.rename("Anna");
    await world.clock.advance(4999);
    assert.equal(world.servers.length, 1);
    await world.clock.advance(1);
    assert.equal((await world.dialled()).connect.name, "Anna");
});
