// Drafts: stored once, in the order written, whatever the connection does (protocol/chat.md, Publishing).
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStorage, World, hello, limits, settle, stored, told } from "./world.mjs";

const draft = ({ publish }) => [publish.clientId, publish.body.text];

test("a message resolves with its position, and leaves the storage", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const published = parley.publish("r", { text: "hi" });
    const { id, publish } = await server.one("publish");
    assert.deepEqual(publish, { room: "r", clientId: "id-1", body: { text: "hi" } });
    assert.ok([...world.storage.items.keys()].some((key) => key.endsWith("draft:guest-7:r:id-1")));
    await server.ok(id, { epoch: "1-1", offset: 1, time: 9 });
    assert.deepEqual(await published, { clientId: "id-1", epoch: "1-1", offset: 1, time: 9 });
    assert.ok(![...world.storage.items.keys()].some((key) => key.includes("draft:")));
    assert.deepEqual(told(parley, "draft").map(({ state }) => state), ["waiting", "sending", "sent"]);
});

test("without an answer the draft goes again on the next connection; a repeat is an answer", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const published = parley.publish("r", { text: "hi" }, { clientId: "mine" });
    const first = await server.one("publish");
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([stored("r", 1, [])]);
    assert.equal(second.connect.user, "guest-7");
    const again = await second.one("publish");
    assert.deepEqual(again.publish, first.publish);
    assert.notEqual(again.id, first.id);
    await second.ok(again.id, { epoch: "1-1", offset: 1, time: 9, repeat: true });
    assert.equal((await published).repeat, true);
});

test("unavailable: it goes again after the time named, and none of its room overtakes it", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    world.chance = 0;
    parley.publish("r", { text: "1" }, { clientId: "a" });
    parley.publish("r", { text: "2" }, { clientId: "b" });
    parley.publish("other", { text: "3" }, { clientId: "c" });
    await settle();
    const [first, other] = server.take();
    assert.deepEqual([draft(first), draft(other)], [["a", "1"], ["c", "3"]]);
    await server.error(first.id, "unavailable", { retryAfterMs: 1000 });
    await world.clock.advance(999);
    await server.none();
    await world.clock.advance(1);
    const again = await server.one("publish");
    assert.deepEqual(draft(again), ["a", "1"]);
    await server.ok(again.id, { epoch: "1-1", offset: 1, time: 1 });
    assert.deepEqual(draft(await server.one("publish")), ["b", "2"]);
});

test("rateLimited: the draft is kept, and goes again with the same id when its turn is there", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    world.chance = 0;
    const published = parley.publish("r", { text: "1" }, { clientId: "a" });
    await server.error((await server.one("publish")).id, "rateLimited", { retryAfterMs: 421 });
    assert.ok([...world.storage.items.keys()].some((key) => key.endsWith("draft:guest-7:r:a")));
    await world.clock.advance(420);
    await server.none();
    await world.clock.advance(1);
    const again = await server.one("publish");
    assert.deepEqual(draft(again), ["a", "1"]);
    await server.ok(again.id, { epoch: "1-1", offset: 1, time: 1 });
    assert.equal((await published).offset, 1);
});

test("tooManyOutstanding is patience too; a jitter of at most the time named is added", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    world.chance = 0.999;
    parley.publish("r", 1);
    await server.error((await server.one("publish")).id, "tooManyOutstanding", { retryAfterMs: 100 });
    await world.clock.advance(199);
    await server.none();
    await world.clock.advance(1);
    await server.one("publish");
});

test("after a reconnect a room's drafts keep their order", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    for (const text of ["1", "2", "3"]) parley.publish("r", { text }, { clientId: text });
    await server.one("publish");
    await server.close();
    parley.publish("r", { text: "4" }, { clientId: "4" });
    await world.clock.advance(500);
    const second = await world.open([stored("r", 0)]);
    for (const [index, text] of ["1", "2", "3", "4"].entries()) {
        const command = await second.one("publish");
        assert.deepEqual(draft(command), [text, text]);
        await second.ok(command.id, { epoch: "1-1", offset: index + 1, time: 1 });
    }
});

test("a final refusal rejects, and lets the next one go", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const refused = assert.rejects(parley.publish("r", { text: "1" }), { name: "clientIdReused", code: 108 });
    parley.publish("r", { text: "2" });
    await server.error((await server.one("publish")).id, "clientIdReused");
    await refused;
    assert.equal(draft(await server.one("publish"))[1], "2");
});

test("the same clientId while under way is the same message; with another body it is refused", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const first = parley.publish("r", { text: "1" }, { clientId: "a" });
    const same = parley.publish("r", { text: "1" }, { clientId: "a" });
    await assert.rejects(parley.publish("r", { text: "2" }, { clientId: "a" }), { name: "clientIdReused" });
    await server.ok((await server.one("publish")).id, { epoch: "1-1", offset: 1, time: 1 });
    assert.deepEqual(await first, await same);
});

test("what was not sent goes after a reload, under the same user and clientId, byte for byte", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    parley.publish("r", { text: "ü😀", 2: [1.5], __proto__: null }, { clientId: "a" }).catch(() => {});
    parley.publish("r", { text: "2" }, { clientId: "b" }).catch(() => {});
    await settle();
    const line = server.lines[0];
    parley.close();

    const reloaded = world.parley();
    assert.deepEqual(reloaded.drafts("r").map(({ clientId }) => clientId), ["a", "b"]);
    const second = await world.open();
    assert.equal(second.connect.user, "guest-7");
    await settle();
    assert.equal(second.lines.length, 1);
    assert.equal(second.lines[0].replace(/^\{"id":\d+/, ""), line.replace(/^\{"id":\d+/, ""));
});

test("nothing older than the retry window is sent by itself", async () => {
    const world = new World();
    const { parley } = await world.member();
    parley.publish("r", { text: "old" }, { clientId: "a" }).catch(() => {});
    parley.close();
    world.clock.time += limits.retryWindowMs + 1;
    const reloaded = world.parley();
    const server = await world.open();
    await server.none();
    const outcomes = told(reloaded, "draft").map(({ state, error }) => [state, error?.name]);
    assert.deepEqual(outcomes, [["failed", "expired"]]);
    assert.deepEqual(reloaded.drafts("r").map(({ state }) => state), ["failed"]);
});

test("the storage holds so many drafts and characters; what does not fit is sent all the same", async () => {
    const world = new World();
    const { parley } = await world.member();
    for (let index = 0; index < 300; index += 1) parley.publish("r", index).catch(() => {});
    assert.equal([...world.storage.items.keys()].filter((key) => key.includes("draft:")).length, 200);
    assert.equal(parley.drafts("r").length, 300);
    const large = new World();
    const { parley: writer } = await large.member();
    for (let index = 0; index < 20; index += 1) writer.publish("r", "x".repeat(30_000)).catch(() => {});
    assert.equal([...large.storage.items.keys()].filter((key) => key.includes("draft:")).length, 8);
});

test("a bounded number of drafts waits at all", async () => {
    const world = new World();
    const { parley } = await world.member();
    for (let index = 0; index < 500; index += 1) parley.publish("r", index).catch(() => {});
    await assert.rejects(parley.publish("r", "one more"), { name: "tooManyOutstanding" });
});

test("a storage that is full or forbidden costs nothing but the survival of a reload", async () => {
    const world = new World();
    world.storage = new (class extends MemoryStorage {
        setItem() { throw new Error("full"); }
    })();
    const { parley, server } = await world.member();
    parley.publish("r", 1);
    await server.one("publish");
    const without = new World();
    without.storage = undefined;
    const { parley: other, server: otherServer } = await without.member();
    other.publish("r", 1);
    await otherServer.one("publish");
});

test("a broken entry in the storage is thrown away", async () => {
    const world = new World();
    world.storage.setItem("parley:ws://server/ws:guest", "guest-7");
    for (const text of ["", "{}", "null", '{"room":"r","at":1,"body":"{"}']) {
        world.storage.setItem(`parley:ws://server/ws:draft:guest-7:${text.length}`, text);
    }
    const parley = world.parley();
    await world.open();
    assert.deepEqual(parley.drafts("r"), []);
    assert.deepEqual([...world.storage.items.keys()], ["parley:ws://server/ws:guest"]);
});

test("two tabs with one storage are one guest; neither loses or overwrites the other's drafts", async () => {
    const world = new World();
    const { parley: one, server: first } = await world.member();
    one.publish("r", { text: "from one" }, { clientId: "a" }).catch(() => {});
    await first.one("publish");
    const two = world.parley();
    two.publish("r", { text: "from two" }, { clientId: "b" }).catch(() => {});
    const second = await world.open();
    assert.equal(second.connect.user, "guest-7");
    // The draft of the other tab goes first, under its own clientId: whichever comes second is a repeat.
    const shared = await second.one("publish");
    assert.deepEqual(draft(shared), ["a", "from one"]);
    await second.ok(shared.id, { epoch: "1-1", offset: 1, time: 1 });
    const own = await second.one("publish");
    assert.deepEqual(draft(own), ["b", "from two"]);
    one.close();
    two.close();
    assert.deepEqual([...world.storage.items.keys()].filter((key) => key.includes("draft:")).length, 1);
});

test("two tabs that were named at the same moment keep their names while they live", async () => {
    const world = new World();
    const one = world.parley();
    const first = await world.dialled();
    const two = world.parley();
    const second = await world.dialled();
    await first.ok(first.connectId, hello("guest-1"));
    await second.ok(second.connectId, hello("guest-2"));
    await first.close();
    await world.clock.advance(500);
    assert.equal((await world.dialled()).connect.user, "guest-1");
    assert.equal(two.user, "guest-2");
    one.close();
});

test("under another user nothing of the first one's is sent", async () => {
    const world = new World();
    const { parley, server } = await world.member("r", 0, { token: "t" });
    const refused = assert.rejects(parley.publish("r", 1), { name: "userChanged" });
    await server.one("publish");
    await server.close();
    await world.clock.advance(500);
    await (await world.open([stored("r", 0)], { user: "somebody else" })).none();
    await refused;
});

test("in an ephemeral room nothing is kept and nothing is said twice", async () => {
    const world = new World();
    const parley = world.parley();
    parley.join("live");
    const server = await world.open([
        { room: "live", kind: "ephemeral", recovered: false, publications: [] },
    ]);
    const lost = assert.rejects(parley.publish("live", 1), { name: "disconnected" });
    await server.one("publish");
    assert.ok(![...world.storage.items.keys()].some((key) => key.includes("draft:")));
    await server.close();
    await lost;
    await assert.rejects(parley.publish("live", 2), { name: "disconnected" });
});

test("what can never be stored is refused here: a kept draft must not end all sessions to come", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const nested = (depth) => JSON.parse("[".repeat(depth) + "]".repeat(depth));
    for (const body of ["\u0000", "\\\u0000", { text: "\ud800" }, { "\udc00": 1 }, undefined, nested(61)]) {
        await assert.rejects(parley.publish("r", body), { name: "badRequest" });
    }
    await assert.rejects(parley.publish("r", "x".repeat(limits.bodyBytes)), { name: "tooLarge" });
    await assert.rejects(parley.publish("", 1), { name: "badRequest" });
    await assert.rejects(parley.publish("r", 1, { clientId: "a b" }), { name: "badRequest" });
    await server.none();
    for (const body of ["\\u0000", "\\\\ud800 😀", nested(60), null]) {
        const published = parley.publish("r", body);
        await server.ok((await server.one("publish")).id, { epoch: "1-1", offset: 1, time: 1 });
        await published;
    }
});

test("after close nothing is sent, and promises do not hang", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const closed = assert.rejects(parley.publish("r", 1), { name: "stopped" });
    parley.close();
    await closed;
    await assert.rejects(parley.publish("r", 2), { name: "stopped" });
    await assert.rejects(parley.history("r"), { name: "stopped" });
    assert.ok(server.isClosed);
    await world.clock.advance(100_000);
    assert.equal(world.servers.length, 1);
});

test("a body without end is too large, whatever is in it", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    for (const body of ["x".repeat(3_000_000), '"\\'.repeat(5_000_000)]) {
        await assert.rejects(
            parley.publish("r", body), { name: "tooLarge", message: "A message has at most 32768 bytes." });
    }
    assert.deepEqual(parley.drafts("r"), []);
    await server.none();
});
