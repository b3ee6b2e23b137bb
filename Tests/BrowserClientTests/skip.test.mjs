// What the server left out is read from history, or told as a gap (protocol/chat.md, Receiving).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, offsets, push, said, stored, told } from "./world.mjs";

test("skip: the range is read by pages, and shown before what follows it", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 1);
    await server.say({ skip: { room: "r", from: 2, to: 4 } }, push(5));
    const first = await server.one("history");
    assert.deepEqual(first.history, { room: "r", after: 1, limit: 3 });
    await server.say(push(6));
    assert.deepEqual(offsets(parley), []);
    await server.ok(first.id, { room: "r", epoch: "1-1", head: 6, more: true, publications: [said(2)] });
    const second = await server.one("history");
    assert.deepEqual(second.history, { room: "r", after: 2, limit: 2 });
    const publications = [said(3), said(4), said(5)];
    await server.ok(second.id, { room: "r", epoch: "1-1", head: 6, more: true, publications });
    assert.deepEqual(offsets(parley), [2, 3, 4, 5, 6]);
});

test("skip: what retention took is told as a gap", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 1);
    await server.say({ skip: { room: "r", from: 2, to: 5 } });
    const { id } = await server.one("history");
    await server.ok(id, { room: "r", epoch: "1-1", head: 5, more: false, publications: [said(4), said(5)] });
    assert.deepEqual(told(parley, "gap"), [{ room: "r", from: 2, to: 3 }]);
    assert.deepEqual(offsets(parley), [4, 5]);
});

test("skip: a range that may not be read is told as a gap, and what follows is shown", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 1);
    await server.say({ skip: { room: "r", from: 2, to: 5 } }, push(6));
    await server.error((await server.one("history")).id, "forbidden");
    assert.deepEqual(told(parley, "gap"), [{ room: "r", from: 2, to: 5 }]);
    assert.deepEqual(offsets(parley), [6]);
});

test("skip: a connection that breaks meanwhile leaves the position where it was", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 1);
    await server.say({ skip: { room: "r", from: 2, to: 3 } }, push(4));
    await server.one("history");
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([stored("r", 4, [said(2), said(3), said(4)])]);
    assert.deepEqual(second.connect.rooms[0].since, { epoch: "1-1", offset: 1 });
    await second.none();
    assert.deepEqual(offsets(parley), [2, 3, 4]);
});

test("skip: a range that cannot be read just now is no gap; the room is joined anew", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 1);
    await server.say({ skip: { room: "r", from: 2, to: 3 } }, push(4));
    await server.error((await server.one("history")).id, "unavailable", { retryAfterMs: 500 });
    const first = await server.one("join");
    assert.deepEqual(first.join.since, { epoch: "1-1", offset: 1 });
    await server.error(first.id, "unavailable", { retryAfterMs: 500 });
    await world.clock.advance(500);
    const second = await server.one("join");
    await server.ok(second.id, stored("r", 4, [said(2), said(3), said(4)]));
    assert.deepEqual(told(parley, "gap"), []);
    assert.deepEqual(offsets(parley), [2, 3, 4]);
});
