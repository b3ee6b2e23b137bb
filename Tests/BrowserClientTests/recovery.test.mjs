// Positions: every publication once, in order, every jump told (protocol/chat.md, Recovery).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, offsets, push, said, stored, told } from "./world.mjs";

test("a first join asks for a tail, and goes on after its last publication", async () => {
    const world = new World();
    const parley = world.parley();
    const joined = parley.join("r", { tail: 2 });
    const server = await world.open([stored("r", 9, [said(8), said(9)])]);
    assert.deepEqual(server.connect.rooms, [{ room: "r", tail: 2 }]);
    assert.deepEqual(await joined, { room: "r", kind: "stored", position: { epoch: "1-1", offset: 9 } });
    await server.say(push(10));
    assert.deepEqual(offsets(parley), [8, 9, 10]);
});

test("a room joined while the connection is open is joined by its own command", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open();
    const joined = parley.join("r", { tail: 1, events: ["typing"] });
    const command = await server.one("join");
    assert.deepEqual(command.join, { room: "r", tail: 1, events: ["typing"] });
    await server.ok(command.id, stored("r", 3, [said(3)]));
    assert.equal((await joined).position.offset, 3);
});

test("after a reconnect rooms and positions ride in connect", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 4);
    await server.say(push(5), push(6));
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([stored("r", 8, [said(7), said(8)])]);
    assert.deepEqual(second.connect.rooms, [{ room: "r", since: { epoch: "1-1", offset: 6 } }]);
    await second.say(push(9));
    assert.deepEqual(offsets(parley), [5, 6, 7, 8, 9]);
    const live = told(parley, "publication").map(({ isLive }) => isLive);
    assert.deepEqual(live, [true, true, false, false, true]);
});

test("an empty room's position is offset 0 of its epoch", async () => {
    const world = new World();
    const { server } = await world.member("r", 0);
    await server.close();
    await world.clock.advance(500);
    const second = await world.dialled();
    assert.deepEqual(second.connect.rooms, [{ room: "r", since: { epoch: "1-1", offset: 0 } }]);
});

test("the reply to one's own publish does not move the position", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 100);
    const published = parley.publish("r", { text: "mine" });
    const { id } = await server.one("publish");
    await server.ok(id, { epoch: "1-1", offset: 105, time: 1 });
    assert.equal((await published).offset, 105);
    await server.close();
    await world.clock.advance(500);
    assert.equal((await world.dialled()).connect.rooms[0].since.offset, 100);
});

test("what was seen is dropped", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 4);
    await server.say(push(5), push(5), push(3, { epoch: "0-1" }), push(6));
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([stored("r", 8, [said(5), said(6), said(7), said(8)])]);
    assert.deepEqual(second.connect.rooms[0].since, { epoch: "1-1", offset: 6 });
    assert.deepEqual(offsets(parley), [5, 6, 7, 8]);
});

test("more: the join is repeated from the last publication on, and nothing live comes before", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 1);
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([stored("r", 5, [said(2), said(3)], { more: true })]);
    const command = await second.one("join");
    assert.deepEqual(command.join, { room: "r", since: { epoch: "1-1", offset: 3 } });
    await second.say(push(6));
    assert.deepEqual(offsets(parley), [2, 3]);
    await second.ok(command.id, stored("r", 6, [said(4), said(5), said(6)]));
    await second.say(push(7));
    assert.deepEqual(offsets(parley), [2, 3, 4, 5, 6, 7]);
    assert.deepEqual(told(parley, "joined").map(({ head }) => head), [1, 6]);
});

test("a hole between pushes makes the client join anew from what it has", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 1);
    await server.say(push(3), push(4));
    const command = await server.one("join");
    assert.deepEqual(command.join.since, { epoch: "1-1", offset: 1 });
    await server.ok(command.id, stored("r", 4, [said(2), said(3), said(4)]));
    await server.say(push(5));
    assert.deepEqual(offsets(parley), [2, 3, 4, 5]);
});

test("recovered:false tells the gap, and goes on behind it", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([
        stored("r", 9, [said(8), said(9)], { recovered: false, gap: { from: 4, to: 7 } }),
    ]);
    assert.deepEqual(told(parley, "gap"), [{ room: "r", from: 4, to: 7 }]);
    assert.deepEqual(told(parley, "reset"), []);
    await second.say(push(10));
    assert.deepEqual(offsets(parley), [8, 9, 10]);
});

test("recovered:false with a range that was shown voids it: old numbers are new publications", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    await server.say(push(4), push(5));
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([
        stored("r", 4, [said(4)], { epoch: "2-1", recovered: false, gap: { from: 4, to: 5 } }),
    ]);
    assert.deepEqual(told(parley, "reset"), [{ room: "r", epoch: "2-1", after: 3 }]);
    await second.say(push(5));
    assert.deepEqual(offsets(parley), [4, 5, 4, 5]);
    await second.close();
    await world.clock.advance(1000);
    assert.deepEqual((await world.dialled()).connect.rooms[0].since, { epoch: "2-1", offset: 5 });
});

test("a new epoch in which nothing was lost keeps the position", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    await server.say(push(4, { epoch: "2-1" }));
    await server.close();
    await world.clock.advance(500);
    assert.deepEqual((await world.dialled()).connect.rooms[0].since, { epoch: "2-1", offset: 4 });
    assert.deepEqual(told(parley, "reset"), []);
});

test("reset moves the position back: the numbers go on from there", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    const reset = { room: "r", epoch: "2-1", after: 3 };
    await server.say(push(4), push(5), { reset }, push(4, { epoch: "2-1" }));
    assert.deepEqual(told(parley, "reset"), [{ room: "r", epoch: "2-1", after: 3 }]);
    assert.deepEqual(offsets(parley), [4, 5, 4]);
});

test("an ephemeral room has no positions: everything is shown, nothing is asked for again", async () => {
    const world = new World();
    const parley = world.parley();
    parley.join("live", { tail: 5 });
    const answer = { room: "live", kind: "ephemeral", recovered: false, publications: [] };
    const server = await world.open([answer]);
    const { offset, ...spoken } = said(1);
    await server.say({ publication: { room: "live", ...spoken } });
    assert.deepEqual(told(parley, "publication").map(({ isLive }) => isLive), [true]);
    await server.close();
    await world.clock.advance(500);
    assert.deepEqual((await world.dialled()).connect.rooms, [{ room: "live", tail: 5 }]);
});

test("an empty page with more moves nothing: the same is asked for again", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    parley.join("new", { tail: 2 });
    await server.one("join");
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([
        stored("r", 9, [], { more: true, recovered: false, gap: { from: 4, to: 8 } }),
        stored("new", 9, [], { more: true }),
    ]);
    const [old, fresh] = second.take();
    assert.deepEqual(old.join, { room: "r", since: { epoch: "1-1", offset: 3 } });
    assert.deepEqual(fresh.join, { room: "new", tail: 2 });
    await second.ok(old.id, stored("r", 9, [said(9)], { recovered: false, gap: { from: 4, to: 8 } }));
    await second.ok(fresh.id, stored("new", 9, [said(8), said(9)]));
    assert.deepEqual(told(parley, "gap"), [{ room: "r", from: 4, to: 8 }]);
    assert.deepEqual(offsets(parley), [9, 8, 9]);
});
