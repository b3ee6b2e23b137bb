// Who is here, and who types: numbered changes after a snapshot, marks that fade (protocol/chat.md, Presence, Typing).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, push, settle, stored, told } from "./world.mjs";

const users = (roster) => [...roster.members.keys()];
const change = (version, join = [], leave = []) => ({ presence: { room: "r", version, join: join.map((user) => ({ user })), leave } });
const snapshot = (version, names, count = names.length) => ({ room: "r", version, count, members: names.map((user) => ({ user })) });

async function watched() {
    const world = new World();
    const { parley, server } = await world.member();
    const roster = parley.presence("r");
    await server.ok((await server.one("presence")).id, snapshot(3, ["ann", "bob"]));
    return { world, parley, server, roster: await roster };
}

test("changes follow the snapshot", async () => {
    const { parley, server, roster } = await watched();
    await server.say(change(4, ["cid"]), change(5, [], ["ann", "nobody"]));
    await server.say(change(4, ["cid"]));
    await server.none();
    assert.deepEqual(users(roster), ["bob", "cid"]);
    assert.equal(roster.count, 2);
    assert.equal(told(parley, "presence").length, 4);
});

test("a change from before the snapshot is dropped, one that overtook it is applied", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const reading = parley.presence("r");
    const { id } = await server.one("presence");
    await server.say(change(3, ["old"]), change(4, ["new"]));
    await server.ok(id, snapshot(3, ["ann", "old"]));
    assert.deepEqual(users(await reading), ["ann", "old", "new"]);
});

test("a missing version makes it read the snapshot again", async () => {
    const { server, roster } = await watched();
    await server.say(change(5, ["eve"]));
    assert.deepEqual(users(roster), ["ann", "bob"]);
    const { id } = await server.one("presence");
    await server.say(change(6, ["fay"]));
    await server.ok(id, snapshot(5, ["ann", "bob", "dan", "eve"]));
    assert.deepEqual(users(roster), ["ann", "bob", "dan", "eve", "fay"]);
    await server.none();
});

test("a reconnect reads it again, for versions mean something on one connection only", async () => {
    const { world, server, roster } = await watched();
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([stored("r", 0)]);
    await second.say(change(1, ["zoe"]));
    await second.ok((await second.one("presence")).id, snapshot(0, ["bob"]));
    assert.deepEqual(users(roster), ["bob", "zoe"]);
});

test("the count is whole where the list was cut", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const reading = parley.presence("r");
    await server.ok((await server.one("presence")).id, snapshot(1, ["ann"], 5000));
    await server.say(change(2, ["bob", "cid"], ["xerxes"]));
    assert.equal((await reading).count, 5001);
});

test("a refusal rejects", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const refused = assert.rejects(parley.presence("r"), { name: "forbidden" });
    await server.error((await server.one("presence")).id, "forbidden");
    await refused;
});

test("that we type is said at once, again every 3 s at most, and its end only after a beginning", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    parley.typing("r", false);
    parley.typing("elsewhere");
    parley.typing("r");
    parley.typing("r");
    await world.clock.advance(3000);
    parley.typing("r");
    parley.typing("r", false);
    await settle();
    assert.deepEqual(server.take(), [true, true, false].map((on) => ({ typing: { room: "r", on } })));
});

test("after a message the next mark is said as soon as the server tells it: 1 s after the last one", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    parley.typing("r");
    parley.publish("r", 1).catch(() => {});
    parley.publish("r", 2).catch(() => {});
    await settle();
    assert.deepEqual(server.take().map((message) => Object.keys(message).at(-1)), ["typing", "publish"]);
    await world.clock.advance(999);
    parley.typing("r");
    await server.none();
    await world.clock.advance(1);
    parley.typing("r");
    await server.one("typing");
});

test("a mark goes after 6 s, at on:false, and when its user's publication arrives; our own is not shown", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const types = (user, on = true) => ({ typing: { room: "r", user, name: user, on } });
    const marks = () => told(parley, "typing").at(-1)?.users.map(({ user }) => user);
    await server.say(types("ann"), types("bob"), types("cid"), types(parley.user));
    assert.deepEqual(marks(), ["ann", "bob", "cid"]);
    await server.say(types("cid", false));
    assert.deepEqual(marks(), ["ann", "bob"]);
    await world.clock.advance(3000);
    await server.say(types("ann"), push(1));
    assert.deepEqual(marks(), ["ann"]);
    await world.clock.advance(5999);
    assert.deepEqual(marks(), ["ann"]);
    await world.clock.advance(1);
    assert.deepEqual(marks(), []);
});
