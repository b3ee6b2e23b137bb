// Entering and leaving rooms (protocol/chat.md, Rooms).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, hello, limits, offsets, push, settle, stored } from "./world.mjs";

test("a room that was left is not come back to, and its late pushes are not shown", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    const left = parley.leave("r");
    const { id, leave } = await server.one("leave");
    assert.deepEqual(leave, { room: "r" });
    await server.say(push(4));
    await server.ok(id, {});
    await left;
    assert.deepEqual(offsets(parley), []);
    await server.close();
    await world.clock.advance(500);
    assert.deepEqual((await world.dialled()).connect.rooms, []);
});

test("a refused room rejects its join and is not asked for again; the others are entered", async () => {
    const world = new World();
    const parley = world.parley();
    const refused = assert.rejects(parley.join("secret"), { name: "forbidden" });
    parley.join("r");
    const server = await world.open([
        { room: "secret", error: { code: 105, name: "forbidden", message: "No." } }, stored("r", 0),
    ]);
    await refused;
    await server.close();
    await world.clock.advance(500);
    assert.deepEqual((await world.dialled()).connect.rooms.map(({ room }) => room), ["r"]);
});

test("a join refused for the moment is repeated after the time named", async () => {
    const world = new World();
    const parley = world.parley();
    const joined = parley.join("r");
    const error = { code: 111, name: "unavailable", message: "…", retryAfterMs: 700 };
    const server = await world.open([{ room: "r", error }]);
    await server.none();
    await world.clock.advance(700);
    await server.ok((await server.one("join")).id, stored("r", 2));
    assert.equal((await joined).position.offset, 2);
});

test("more rooms than connect takes are joined after it, within the server's limit of reads", async () => {
    const world = new World();
    const parley = world.parley();
    for (let index = 0; index < 130; index += 1) parley.join(`room ${index}`).catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    const server = await world.dialled();
    assert.equal(server.connect.rooms.length, 100);
    const rooms = server.connect.rooms.map(({ room }) => stored(room, 0));
    await server.ok(server.connectId, hello("u", { rooms }));
    const first = server.take();
    assert.equal(first.length, 16);
    await server.ok(first[0].id, stored(first[0].join.room, 0));
    assert.equal(server.take().length, 1);
});

test("a room that is left while connect is under way is left as soon as it is answered", async () => {
    const world = new World();
    const parley = world.parley();
    const joined = assert.rejects(parley.join("r"), { name: "closed" });
    const server = await world.dialled();
    await parley.leave("r");
    await joined;
    await server.ok(server.connectId, hello("guest-7", { rooms: [stored("r", 0)] }));
    assert.deepEqual((await server.one("leave")).leave, { room: "r" });
});

test("a room that is left before its join could be sent is not joined any more", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open([], { limits: { ...limits, outstandingReads: 1 } });
    parley.join("first").catch(() => {});
    const joined = assert.rejects(parley.join("second"), { name: "closed" });
    parley.leave("second");
    await joined;
    await settle();
    const [join, { leave }] = server.take();
    assert.deepEqual([join.join.room, leave.room], ["first", "second"]);
    await server.ok(join.id, stored("first", 0));
    await server.none();
});

test("a room left without a connection is left on the next one, before anything else is asked", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    parley.on("connected", () => void parley.rooms().catch(() => {}));
    await server.close();
    await parley.leave("r");
    await world.clock.advance(500);
    const verbs = async () => {
        const server = await world.open([]);
        const sent = function () { return this.lines.map((line) => Object.keys(line)[1]); };
        return { server, lines: server.take(), sent };
    };
    const next = await verbs();
    assert.deepEqual(next.sent(), ["leave", "rooms"]);
    // It is not known whether the server read it.
    await next.server.close();
    await world.clock.advance(1000);
    const last = await verbs();
    assert.equal(last.sent()[0], "leave");
    await last.server.ok(last.lines[0].id, {});
    await last.server.close();
    await world.clock.advance(2000);
    assert.ok(!(await verbs()).sent().includes("leave"));
});

test("a room that is left without a connection and entered again is not left", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 3);
    await server.close();
    await parley.leave("r");
    parley.join("r").catch(() => {});
    await world.clock.advance(500);
    assert.deepEqual((await world.open([stored("r", 3)])).take().filter((line) => line.leave), []);
});

test("of more rooms than a session may have only the surplus is refused", async () => {
    const world = new World();
    const parley = world.parley();
    const joins = ["a", "b", "c"].map((room) => parley.join(room).then(() => room, ({ name }) => name));
    const first = await world.dialled();
    assert.equal(first.connect.rooms.length, 3);
    await first.error(first.connectId, "tooManyRooms");
    await world.clock.advance(500);
    const second = await world.open([], { limits: { ...limits, roomsPerSession: 2 } });
    assert.deepEqual(second.connect.rooms, []);
    const [one, two, three] = second.take();
    await second.ok(one.id, stored("a", 0));
    await second.ok(two.id, stored("b", 0));
    await second.error(three.id, "tooManyRooms");
    assert.deepEqual(await Promise.all(joins), ["a", "b", "tooManyRooms"]);
    await second.close();
    await world.clock.advance(1000);
    assert.deepEqual((await world.dialled()).connect.rooms.map(({ room }) => room), ["a", "b"]);
});

test("a server that takes not even a connect without rooms is left alone", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.dialled();
    await server.error(server.connectId, "tooManyRooms");
    assert.equal(parley.state.state, "stopped");
});
