// What is over leaves nothing behind: no timer, no listener, and it touches no other tab's drafts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Browser } from "./browser-tabs.mjs";
import { World, settle } from "./world.mjs";

/** A world that counts what runs in it: timers, and listeners of the browser's events. */
function counted() {
    const world = new World();
    const timers = new Set();
    let listeners = 0;
    const { addEventListener, removeEventListener } = world.events;
    world.events.addEventListener = (...more) => {
        listeners += 1;
        addEventListener.apply(world.events, more);
    };
    world.events.removeEventListener = (...more) => {
        listeners -= 1;
        removeEventListener.apply(world.events, more);
    };
    const options = {
        setTimeout: (work, ms) => {
            const timer = world.clock.setTimeout(() => timers.delete(timer) && work(), ms);
            timers.add(timer);
            return timer;
        },
        clearTimeout: (timer) => {
            timers.delete(timer);
            world.clock.clearTimeout(timer);
        },
    };
    return { world, options, left: () => ({ timers: timers.size, listeners }) };
}

const nothing = { timers: 0, listeners: 0 };

test("a message or a room that the server wants later keeps nothing awake after close", async () => {
    const { world, options, left } = counted();
    const { parley, server } = await world.member("r", 0, options);
    parley.publish("r", 1).catch(() => {});
    await server.error((await server.one("publish")).id, "unavailable", { retryAfterMs: 3_600_000 });
    parley.join("q").catch(() => {});
    await server.error((await server.one("join")).id, "unavailable", { retryAfterMs: 3_600_000 });
    parley.close();
    server.socket.onerror({});
    await settle();
    assert.deepEqual(left(), nothing);
});

test("a session that the server ended listens to the browser no longer", async () => {
    const { world, options, left } = counted();
    world.parley({ ...options, token: "old" });
    const server = await world.dialled();
    await server.error(server.connectId, "unauthorized");
    assert.deepEqual(left(), nothing);
});

test("a session that is over discards nothing: the draft is another tab's by now", async () => {
    const browser = new Browser();
    const world = new World();
    const first = world.parley({ ...browser.open().options, user: "ada" });
    first.publish("r", 1, { clientId: "a" }).catch(() => {});
    await settle();
    first.close();
    world.parley({ ...browser.open().options, user: "ada" });
    await settle();
    assert.equal(first.discard("r", "a"), false);
    assert.equal(browser.drafts.length, 1);
});
