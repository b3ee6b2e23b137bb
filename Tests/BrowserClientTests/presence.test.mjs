// Who is here: a snapshot, and numbered changes after it (protocol/chat.md, Presence).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, stored, told } from "./world.mjs";

/** The roster as it was told last. */
const latest = (parley) => told(parley, "presence").at(-1).roster;
const users = (roster) => [...roster.members.keys()];
const members = (names) => names.map((user) => ({ user }));
const change = (version, join = [], leave = []) =>
    ({ presence: { room: "r", version, join: members(join), leave } });
const snapshot = (version, names, count = names.length) =>
    ({ room: "r", version, count, members: members(names) });

async function watched() {
    const world = new World();
    const { parley, server } = await world.member();
    const roster = parley.presence("r");
    await server.ok((await server.one("presence")).id, snapshot(3, ["ann", "bob"]));
    return { world, parley, server, roster: await roster };
}

test("changes follow the snapshot", async () => {
    const { parley, server } = await watched();
    await server.say(change(4, ["cid"]), change(5, [], ["ann", "nobody"]));
    await server.say(change(4, ["cid"]));
    await server.none();
    assert.deepEqual(users(latest(parley)), ["bob", "cid"]);
    assert.equal(latest(parley).count, 2);
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
    const { parley, server } = await watched();
    await server.say(change(5, ["eve"]));
    assert.deepEqual(users(latest(parley)), ["ann", "bob"]);
    const { id } = await server.one("presence");
    await server.say(change(6, ["fay"]));
    await server.ok(id, snapshot(5, ["ann", "bob", "dan", "eve"]));
    assert.deepEqual(users(latest(parley)), ["ann", "bob", "dan", "eve", "fay"]);
    await server.none();
});

test("a reconnect reads it again, for versions mean something on one connection only", async () => {
    const { world, parley, server } = await watched();
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([stored("r", 0)]);
    await second.say(change(1, ["zoe"]));
    await second.ok((await second.one("presence")).id, snapshot(0, ["bob"]));
    assert.deepEqual(users(latest(parley)), ["bob", "zoe"]);
});

test("the count is whole where the list was cut", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    parley.presence("r");
    await server.ok((await server.one("presence")).id, snapshot(1, ["ann"], 5000));
    await server.say(change(2, ["bob", "cid"], ["xerxes"]));
    assert.equal(latest(parley).count, 5001);
});

test("a refusal rejects", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const refused = assert.rejects(parley.presence("r"), { name: "forbidden" });
    await server.error((await server.one("presence")).id, "forbidden");
    await refused;
});

test("somebody listed who joins has a new name, and is not counted twice in a cut list", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    parley.presence("r");
    await server.ok((await server.one("presence")).id, snapshot(1, ["ann"], 5000));
    const join = [{ user: "ann", name: "Annabel" }];
    await server.say({ presence: { room: "r", version: 2, join, leave: [] } });
    assert.equal(latest(parley).members.get("ann").name, "Annabel");
    assert.equal(latest(parley).count, 5000);
    await server.say(change(3, ["ann"], ["ann"]));
    assert.equal(latest(parley).count, 5000);
});

test("the roster of a room that became forbidden is looked at no longer", async () => {
    const { world, parley, server } = await watched();
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([
        { room: "r", error: { code: 105, name: "forbidden", message: "No." } },
    ]);
    parley.join("r");
    await second.ok((await second.one("join")).id, stored("r", 0));
    await second.none();
});

test("each event has a roster of its own, which does not change later", async () => {
    const { parley, server, roster } = await watched();
    await server.say(change(4, ["cid"]));
    assert.notEqual(latest(parley), roster);
    const now = users(latest(parley));
    assert.deepEqual([users(roster), roster.count, now], [["ann", "bob"], 2, ["ann", "bob", "cid"]]);
});
