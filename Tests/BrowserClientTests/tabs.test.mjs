// Several tabs of one user: no draft is lost with a tab, none is sent out of order (protocol/chat.md,
// Publishing).
import assert from "node:assert/strict";
import { test } from "node:test";
import { Browser } from "./browser-tabs.mjs";
import { World, hello, settle, stored, told } from "./world.mjs";

const shown = (parley) => parley.drafts("r").map(({ clientId, state }) => `${clientId} ${state}`);
const lastStates = (parley) => told(parley, "draft").map(({ clientId, state }) => `${clientId} ${state}`);

/** Two tabs in room r; `one` has a first connection, `two` a second. */
async function twoTabs(options) {
    const world = new World();
    const browser = new Browser(options);
    const open = async (user) => {
        const tab = browser.open();
        const parley = world.parley({ ...tab.options, user });
        parley.join("r").catch(() => {});
        const server = await world.open([stored("r", 0)]);
        return { tab, parley, server };
    };
    return { world, browser, open, one: await open("ada"), two: await open("ada") };
}

/** Answers publishes until none comes; gives their clientIds in order. */
async function publishes(server) {
    const clientIds = [];
    for (;;) {
        await settle();
        const [command] = server.take();
        if (!command) return clientIds;
        clientIds.push(command.publish.clientId);
        await server.ok(command.id, { epoch: "1-1", offset: clientIds.length, time: 1 });
    }
}

test("what a tab has not sent is its own while it lives, and another's when gone, in order", async () => {
    const { browser, one, two, world } = await twoTabs();
    await one.server.close();
    for (const clientId of ["a", "b"]) one.parley.publish("r", clientId, { clientId }).catch(() => {});
    await world.clock.advance(100);
    await two.server.none();
    assert.deepEqual(shown(two.parley), []);
    browser.kill(one.tab);
    await settle();
    assert.deepEqual(shown(two.parley), ["a sending", "b waiting"]);
    assert.deepEqual(await publishes(two.server), ["a", "b"]);
    assert.deepEqual(browser.drafts, []);
});

test("of several tabs one takes over; when that is gone too, the next", async () => {
    const { browser, open, one, two, world } = await twoTabs();
    const three = await open("ada");
    for (const { server } of [one, two, three]) await server.close();
    one.parley.publish("r", 1, { clientId: "a" }).catch(() => {});
    browser.kill(one.tab);
    await settle();
    assert.deepEqual([shown(two.parley), shown(three.parley)], [["a waiting"], []]);
    browser.kill(two.tab);
    await settle();
    assert.deepEqual(shown(three.parley), ["a waiting"]);
    one.parley.close();
    two.parley.close();
    await world.clock.advance(500);
    assert.deepEqual(await publishes(await world.open([stored("r", 0)])), ["a"]);
});

test("a tab that is opened later leaves a living tab its drafts, and takes those of a dead one", async () => {
    const { browser, open, one, two } = await twoTabs();
    one.parley.publish("r", 1, { clientId: "a" }).catch(() => {});
    two.parley.publish("r", 2, { clientId: "b" }).catch(() => {});
    await settle();
    browser.kill(two.tab);
    const three = await open("ada");
    assert.deepEqual(shown(one.parley), ["a sending", "b waiting"]);
    assert.deepEqual(shown(three.parley), []);
});

test("what is taken over is older than a draft under way, and waits for it all the same", async () => {
    const { browser, one, two, world } = await twoTabs();
    await one.server.close();
    one.parley.publish("r", 1, { clientId: "a" }).catch(() => {});
    world.clock.time += 1000;
    two.parley.publish("r", 2, { clientId: "b" }).catch(() => {});
    const { id } = await two.server.one("publish");
    browser.kill(one.tab);
    await two.server.none();
    assert.deepEqual(shown(two.parley), ["a waiting", "b sending"]);
    await two.server.ok(id, { epoch: "1-1", offset: 1, time: 1 });
    assert.deepEqual(await publishes(two.server), ["a"]);
});

test("a client that stopped gives its drafts to the others, and to one made after it", async () => {
    const { browser, one, two, world } = await twoTabs();
    await one.server.close(4500);
    assert.equal(one.parley.state.state, "stopped");
    const last = world.parley({ ...browser.open().options, token: "t" });
    await world.dialled();
    last.publish("r", 1, { clientId: "a" }).catch(() => {});
    const server = world.servers.at(-1);
    await server.ok(server.connectId, hello("ada"));
    await server.one("publish");
    assert.deepEqual(shown(two.parley), []);
    last.close();
    assert.deepEqual(await publishes(two.server), ["a"]);
});

test("a failed draft is shown by all the user's tabs; retry and discard in one are seen in all", async () => {
    const { one, two, open } = await twoTabs();
    const eve = await open("eve");
    one.parley.publish("r", 1, { clientId: "a" }).catch(() => {});
    await one.server.error((await one.server.one("publish")).id, "forbidden");
    assert.deepEqual([shown(two.parley), shown(eve.parley)], [["a failed"], []]);
    assert.equal(two.parley.drafts("r")[0].error.name, "forbidden");

    two.parley.retry("r", "a").catch(() => {});
    assert.deepEqual([shown(one.parley), lastStates(one.parley).at(-1)], [[], "a discarded"]);
    await two.server.error((await two.server.one("publish")).id, "refused");
    assert.deepEqual([shown(one.parley), shown(two.parley)], [["a failed"], ["a failed"]]);

    one.parley.discard("r", "a");
    assert.deepEqual([shown(two.parley), lastStates(two.parley).at(-1)], [[], "a discarded"]);
    assert.equal((await open("ada")).parley.drafts("r").length, 0);
});

test("a tab that dies while it retries leaves the draft to the others", async () => {
    const { browser, one, two } = await twoTabs();
    one.parley.publish("r", 1, { clientId: "a" }).catch(() => {});
    await one.server.error((await one.server.one("publish")).id, "forbidden");
    two.parley.retry("r", "a").catch(() => {});
    await settle();
    browser.kill(two.tab);
    assert.deepEqual(await publishes(one.server), ["a"]);
    assert.deepEqual(browser.drafts, []);
});

test("without locks: what is still kept after 30 s is taken over in order; repeats harm nobody", async () => {
    const { browser, one, two, world } = await twoTabs({ hasLocks: false });
    const promises = ["a", "b"].map((clientId) => one.parley.publish("r", clientId, { clientId }));
    const first = await one.server.one("publish");
    await world.clock.advance(29_999);
    assert.deepEqual(shown(two.parley), []);
    await world.clock.advance(1);
    const again = await two.server.one("publish");
    assert.equal(again.publish.clientId, "a");
    // Under way it is nobody's to discard.
    const [key] = browser.drafts;
    one.tab.options.storage.setItem(`parley:ws://server/ws:draft:${key}`, "discarded");
    assert.deepEqual(shown(two.parley), ["a sending", "b waiting"]);
    await one.server.ok(first.id, { epoch: "1-1", offset: 1, time: 1 });
    await two.server.ok(again.id, { epoch: "1-1", offset: 1, time: 1, repeat: true });
    assert.equal((await promises[0]).offset, 1);
    assert.deepEqual([shown(one.parley), shown(two.parley)], [["b sending"], ["b sending"]]);
    assert.deepEqual(await publishes(two.server), ["b"]);
    assert.deepEqual(await publishes(one.server), ["b"]);
    assert.equal((await promises[1]).offset, 1);
    assert.deepEqual(browser.drafts, []);
});

test("without locks: what waits here and was sent or discarded elsewhere is not sent again", async () => {
    const { one, two, world } = await twoTabs({ hasLocks: false });
    const promises = ["a", "b", "c"].map((clientId) => one.parley.publish("r", clientId, { clientId }));
    await two.server.close(4001, '{"afterMs":40000}');
    await world.clock.advance(30_000);
    assert.deepEqual(shown(two.parley), ["a waiting", "b waiting", "c waiting"]);
    promises[1].catch(() => {});
    one.parley.discard("r", "b");
    await one.server.say({ ping: {} });
    const [{ id }] = one.server.take();
    await one.server.ok(id, { epoch: "1-1", offset: 1, time: 1 });
    await promises[0];
    assert.deepEqual(lastStates(two.parley).slice(-2), ["b discarded", "a sent"]);
    await world.clock.advance(10_000);
    const second = await world.open([stored("r", 1)]);
    assert.equal((await second.one("publish")).publish.clientId, "c");
});

test("locks that the browser refuses are as good as none", async () => {
    const { browser, one, two, world } = await twoTabs();
    one.parley.publish("r", 1, { clientId: "a" }).catch(() => {});
    two.parley.close();
    browser.kill(one.tab);
    const locks = { request: async () => { throw new Error("SecurityError"); } };
    const three = world.parley({ ...browser.open().options, user: "ada", locks });
    const server = await world.open();
    await world.clock.advance(30_000);
    assert.deepEqual(shown(three), ["a sending"]);
    assert.deepEqual(await publishes(server), ["a"]);
});

test("a storage event that is nobody's draft is passed", async () => {
    const { one } = await twoTabs();
    for (const key of [
        null, "", "parley:ws://server/ws:draft:ada:", "parley:ws://server/ws:draft:ada:%:x", "other",
    ]) {
        for (const newValue of [null, "", "{}", "discarded"]) {
            one.tab.events.dispatchEvent(Object.assign(new Event("storage"), { key, newValue }));
        }
    }
    assert.equal(one.parley.state.state, "open");
    assert.deepEqual(shown(one.parley), []);
});

test("who asks for a draft that another tab settles meanwhile gets its answer", async () => {
    const browser = new Browser({ hasLocks: false });
    const world = new World();
    const [one, two] = [browser.open(), browser.open()];
    world.parley({ ...one.options, user: "ada" }).publish("r", 1, { clientId: "a" }).catch(() => {});
    await settle();
    const second = world.parley({ ...two.options, user: "ada" });
    const published = second.publish("r", 1, { clientId: "a" });
    const key = [...Array(one.options.storage.length).keys()].map((index) => one.options.storage.key(index))
        .find((key) => key.includes("draft:"));
    one.options.storage.removeItem(key);
    const server = await world.open();
    await server.ok((await server.one("publish")).id, { epoch: "1-1", offset: 1, time: 1, repeat: true });
    assert.equal((await published).offset, 1);
});
