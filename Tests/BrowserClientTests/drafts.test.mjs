// Failed drafts stay until the user settles them: retry, discard, reload (protocol/chat.md, Publishing).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, limits, settle, stored, told } from "./world.mjs";

const kept = (world) => [...world.storage.items.keys()].filter((key) => key.includes(":draft:"));
const states = (parley) => told(parley, "draft").map(({ clientId, state }) => `${clientId} ${state}`);
const shown = (parley, room = "r") =>
    parley.drafts(room).map(({ clientId, state, error }) => [clientId, state, error?.name]);

/** A client in room r whose draft `a` was refused. */
async function refused(name = "forbidden", options = {}) {
    const world = new World();
    const { parley, server } = await world.member("r", 0, options);
    const failed = assert.rejects(parley.publish("r", { text: "1" }, { clientId: "a" }), { name });
    await server.error((await server.one("publish")).id, name);
    await failed;
    return { world, parley, server };
}

test("a refused draft stays, with its error, and the one behind it goes", async () => {
    const { world, parley, server } = await refused();
    assert.deepEqual(shown(parley), [["a", "failed", "forbidden"]]);
    assert.equal(parley.drafts("r")[0].error.message, "forbidden.");
    assert.deepEqual(states(parley), ["a waiting", "a sending", "a failed"]);
    parley.publish("r", { text: "2" }, { clientId: "b" });
    assert.equal((await server.one("publish")).publish.clientId, "b");
    assert.equal(kept(world).length, 2);
});

test("a failed draft is there after a reload, and is not sent by itself", async () => {
    const { world, parley } = await refused();
    parley.close();
    const reloaded = world.parley();
    assert.deepEqual(shown(reloaded), [["a", "failed", "forbidden"]]);
    const { error, body } = reloaded.drafts("r")[0];
    assert.deepEqual(
        [error.code, error.message, error.mayRetry, body], [105, "forbidden.", false, { text: "1" }]);
    await (await world.open()).none();
});

test("retry sends it again under its clientId, behind what was written since", async () => {
    const { world, parley, server } = await refused();
    parley.publish("r", { text: "2" }, { clientId: "b" });
    const published = parley.retry("r", "a");
    assert.deepEqual(shown(parley), [["b", "sending", undefined], ["a", "waiting", undefined]]);
    const first = await server.one("publish");
    assert.equal(first.publish.clientId, "b");
    await server.ok(first.id, { epoch: "1-1", offset: 1, time: 1 });
    const second = await server.one("publish");
    assert.deepEqual(second.publish, { room: "r", clientId: "a", body: { text: "1" } });
    await server.ok(second.id, { epoch: "1-1", offset: 2, time: 1 });
    assert.deepEqual(await published, { clientId: "a", epoch: "1-1", offset: 2, time: 1 });
    assert.deepEqual([shown(parley), kept(world)], [[], []]);
});

test("a retry that is refused again fails again; the same clientId published again is a retry", async () => {
    const { parley, server } = await refused();
    const again = assert.rejects(parley.retry("r", "a"), { name: "refused" });
    await server.error((await server.one("publish")).id, "refused");
    await again;
    assert.deepEqual(shown(parley), [["a", "failed", "refused"]]);
    const published = parley.publish("r", { text: "1" }, { clientId: "a" });
    await server.ok((await server.one("publish")).id, { epoch: "1-1", offset: 1, time: 1 });
    assert.equal((await published).offset, 1);
});

test("a retry whose connection breaks is the same draft on the next one", async () => {
    const { world, parley, server } = await refused();
    const published = parley.retry("r", "a");
    await server.one("publish");
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([stored("r", 0)]);
    const { id, publish } = await second.one("publish");
    assert.equal(publish.clientId, "a");
    await second.ok(id, { epoch: "1-1", offset: 1, time: 1, repeat: true });
    assert.deepEqual(await published, { clientId: "a", epoch: "1-1", offset: 1, time: 1, repeat: true });
});

test("a clientId that is spent gives way to a new one: events and answer tell which", async () => {
    const { world, parley, server } = await refused("clientIdReused");
    parley.log.length = 0;
    const published = parley.retry("r", "a");
    const { id, publish } = await server.one("publish");
    assert.deepEqual([publish.clientId, publish.body], ["id-1", { text: "1" }]);
    await server.ok(id, { epoch: "1-1", offset: 1, time: 1 });
    assert.equal((await published).clientId, "id-1");
    assert.deepEqual(states(parley), ["a discarded", "id-1 waiting", "id-1 sending", "id-1 sent"]);
    const [gone, fresh] = told(parley, "draft");
    assert.deepEqual([gone.replacedBy, fresh.replaces], ["id-1", "a"]);
    assert.deepEqual(kept(world), []);
});

test("what is too old to be repeated fails, and a retry takes a new clientId", async () => {
    const world = new World();
    const { parley } = await world.member();
    parley.publish("r", { text: "old" }, { clientId: "a" }).catch(() => {});
    parley.close();
    world.clock.time += limits.retryWindowMs + 1;
    const reloaded = world.parley();
    const server = await world.open();
    await server.none();
    assert.deepEqual(shown(reloaded), [["a", "failed", "expired"]]);
    reloaded.retry("r", "a");
    const { publish } = await server.one("publish");
    assert.deepEqual([publish.clientId, publish.body], ["id-1", { text: "old" }]);
});

test("what another user wrote fails, stays kept for whose it is, and goes under a new clientId", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 0, { token: "t" });
    const refusal = assert.rejects(parley.publish("r", 1, { clientId: "a" }), { name: "userChanged" });
    await server.one("publish");
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([stored("r", 0)], { user: "eve" });
    await refusal;
    assert.match(kept(world)[0], /draft:guest-7:r:a$/);
    assert.deepEqual(shown(parley), [["a", "failed", "userChanged"]]);
    parley.retry("r", "a");
    assert.equal((await second.one("publish")).publish.clientId, "id-1");
    assert.deepEqual(kept(world).map((key) => key.split("draft:")[1]), ["eve:r:id-1"]);
});

test("whose user comes back goes on by itself", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 0, { token: "t" });
    parley.publish("r", 1, { clientId: "a" }).catch(() => {});
    await server.close();
    await world.clock.advance(500);
    await (await world.open([stored("r", 0)], { user: "eve" })).close();
    await world.clock.advance(1000);
    const third = await world.open([stored("r", 0)], { user: "guest-7" });
    assert.equal((await third.one("publish")).publish.clientId, "a");
    assert.deepEqual(shown(parley), [["a", "sending", undefined]]);
});

test("discard forgets a failed draft for good", async () => {
    const { world, parley } = await refused();
    assert.equal(parley.discard("r", "a"), true);
    assert.equal(states(parley).at(-1), "a discarded");
    assert.equal(parley.discard("r", "a"), false);
    await assert.rejects(parley.retry("r", "a"), { name: "notFound", code: 0 });
    assert.deepEqual([shown(parley), kept(world)], [[], []]);
    parley.close();
    assert.deepEqual(shown(world.parley()), []);
});

test("discard takes back what waits, and not what is under way", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const first = parley.publish("r", 1, { clientId: "a" });
    const second = assert.rejects(parley.publish("r", 2, { clientId: "b" }), { name: "discarded" });
    const { id } = await server.one("publish");
    assert.equal(parley.discard("r", "a"), false);
    assert.equal(parley.discard("r", "b"), true);
    await second;
    await server.ok(id, { epoch: "1-1", offset: 1, time: 1 });
    await first;
    await server.none();
});

test("close and stopped keep all drafts; the user's next client takes them up, failed ones too", async () => {
    const world = new World();
    const parley = world.parley({ token: "old", user: "not heeded" });
    parley.join("r").catch(() => {});
    const server = await world.open([stored("r", 0)], { user: "ada" });
    for (const clientId of ["a", "b", "c"]) parley.publish("r", clientId, { clientId }).catch(() => {});
    await server.error((await server.one("publish")).id, "forbidden");
    await server.one("publish");
    await server.close(4004);
    await world.clock.advance(500);
    const second = await world.dialled();
    await second.error(second.connectId, "unauthorized");
    assert.equal(parley.state.state, "stopped");
    const all = [["a", "failed", "forbidden"], ["b", "waiting", undefined], ["c", "waiting", undefined]];
    assert.deepEqual(shown(parley), all);
    await assert.rejects(parley.retry("r", "a"), { name: "stopped" });

    const next = world.parley({ token: "new" });
    const third = await world.open([], { user: "ada" });
    assert.equal((await third.one("publish")).publish.clientId, "b");
    assert.deepEqual(
        shown(next).map(([clientId, state]) => `${clientId} ${state}`),
        ["a failed", "b sending", "c waiting"]);
});

test("failed drafts are bounded: the oldest gives way, and they hold up nobody", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    for (let index = 0; index < 103; index += 1) {
        parley.publish("r", index, { clientId: `c${index}` }).catch(() => {});
        await server.error((await server.one("publish")).id, "forbidden");
    }
    assert.equal(parley.drafts("r").length, 100);
    assert.equal(parley.drafts("r")[0].clientId, "c3");
    assert.equal(kept(world).length, 100);
    assert.deepEqual(states(parley).filter((state) => state.endsWith("discarded")).length, 3);
});

test("in an ephemeral room what was lost fails, is kept nowhere, and goes again only by retry", async () => {
    const world = new World();
    const parley = world.parley();
    parley.join("live");
    const answer = { room: "live", kind: "ephemeral", recovered: false, publications: [] };
    const server = await world.open([answer]);
    const lost = assert.rejects(parley.publish("live", 1, { clientId: "a" }), { name: "disconnected" });
    await server.one("publish");
    await server.close();
    await lost;
    assert.deepEqual(shown(parley, "live"), [["a", "failed", "disconnected"]]);
    await assert.rejects(parley.retry("live", "a"), { name: "disconnected" });
    await world.clock.advance(500);
    const second = await world.open([answer]);
    await second.none();
    const again = parley.retry("live", "a");
    await second.ok((await second.one("publish")).id, { time: 1 });
    assert.deepEqual(await again, { clientId: "a", time: 1 });
    assert.deepEqual(kept(world), []);
});

test("the same clientId in two rooms is two messages, also over a reload", async () => {
    const world = new World();
    const { parley } = await world.member();
    parley.publish("r", 1, { clientId: "a" }).catch(() => {});
    parley.publish("r:2", 2, { clientId: "a" }).catch(() => {});
    parley.close();
    const reloaded = world.parley();
    assert.deepEqual([shown(reloaded, "r").length, shown(reloaded, "r:2").length], [1, 1]);
    await settle();
});

test("published again, a spent clientId is refused again: only retry gives it a new one", async () => {
    const { parley, server } = await refused("clientIdReused");
    await assert.rejects(parley.publish("r", { text: "1" }, { clientId: "a" }), { name: "clientIdReused" });
    await server.none();
    assert.deepEqual(shown(parley), [["a", "failed", "clientIdReused"]]);
});
