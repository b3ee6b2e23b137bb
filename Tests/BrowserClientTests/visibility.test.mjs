// Pages that are hidden, sleep and come back; networks that change (protocol/chat.md, Heartbeat).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, push, stored, told } from "./world.mjs";

const fire = (world, type) => world.events.dispatchEvent(new Event(type));

/** The machine sleeps: no timer runs, and the clock that never jumps stands still. */
function sleep(world, ms) {
    const now = world.clock.now;
    world.slept = (world.slept ?? 0) + ms;
    world.wall = () => now() + world.slept;
}

/** A client whose wall clock goes on while the machine sleeps. */
async function sleeper() {
    const world = new World();
    world.wall = world.clock.now;
    const { parley, server } = await world.member("r", 3, { now: () => world.wall() });
    return { world, parley, server };
}

test("a page that slept an hour is reconnected as soon as it is shown, and asks nobody first", async () => {
    for (const event of ["visibilitychange", "pageshow", "focus", "resume"]) {
        const { world, parley, server } = await sleeper();
        sleep(world, 3_600_000);
        assert.equal(parley.state.state, "open");
        fire(world, event);
        assert.equal(parley.state.state, "waiting", event);
        assert.ok(server.isClosed);
        await server.none();
        await world.clock.advance(500);
        const second = await world.open([stored("r", 4)]);
        assert.deepEqual(second.connect.rooms[0].since, { epoch: "1-1", offset: 3 });
    }
});

test("a page that was away briefly asks, and has its answer in five seconds or comes back", async () => {
    for (const isAlive of [true, false]) {
        const { world, parley, server } = await sleeper();
        sleep(world, 30_000);
        fire(world, "visibilitychange");
        fire(world, "focus");
        const { id } = await server.one("ping");
        if (isAlive) await server.ok(id, { time: 1 });
        await world.clock.advance(5000);
        assert.equal(parley.state.state, isAlive ? "open" : "waiting");
    }
});

test("a page that is hidden does nothing for it", async () => {
    const { world, parley, server } = await sleeper();
    world.isVisible = false;
    sleep(world, 3_600_000);
    fire(world, "visibilitychange");
    assert.equal(parley.state.state, "open");
    await server.none();
});

test("a hidden page's slow timers do no harm: pings are answered as they come, messages too", async () => {
    const world = new World();
    // Chrome runs the timers of a page that was hidden for long once a minute.
    const setTimeout = (work, ms) =>
        world.clock.setTimeout(work, Math.ceil(Math.max(ms, 1) / 60_000) * 60_000);
    const { parley, server } = await world.member("r", 0, { setTimeout });
    for (let turn = 1; turn <= 10; turn += 1) {
        await world.clock.advance(25_000);
        await server.say({ ping: {} }, push(turn));
        assert.deepEqual(await server.one("pong"), { pong: {} });
    }
    assert.equal(parley.state.state, "open");
    assert.equal(told(parley, "publication").length, 10);
    assert.equal(world.servers.length, 1);
    // What died meanwhile is noticed a minute later than on a page that is shown, and at once when it is
    // shown.
    for (let seconds = 0; seconds < 120 && parley.state.state === "open"; seconds += 1) {
        await world.clock.advance(1000);
    }
    assert.equal(parley.state.state, "waiting");
    fire(world, "visibilitychange");
    assert.ok(told(parley, "state").at(-1).inMs <= 500);
});

test("a network that went or changed is asked at once, whatever was heard before", async () => {
    for (const event of ["offline", "online"]) {
        for (const isAlive of [true, false]) {
            const world = new World();
            const { parley, server } = await world.member();
            world.isOnline = event === "online";
            fire(world, event);
            fire(world, event);
            const { id } = await server.one("ping");
            if (isAlive) await server.ok(id, { time: 1 });
            await world.clock.advance(4999);
            assert.equal(parley.state.state, "open");
            await world.clock.advance(1);
            const lost = event === "online" ? "waiting" : "offline";
            assert.equal(parley.state.state, isAlive ? "open" : lost);
        }
    }
});

test("a message not answered soon after the network went is sent on the next connection", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const published = parley.publish("r", { text: "1" }, { clientId: "a" });
    await server.one("publish");
    world.isOnline = false;
    fire(world, "offline");
    // The publish waits for an answer already: that one will do.
    await server.none();
    await world.clock.advance(5000);
    assert.equal(parley.state.state, "offline");
    assert.equal(parley.drafts("r")[0].state, "waiting");
    world.isOnline = true;
    fire(world, "online");
    await world.clock.advance(250);
    const second = await world.open([stored("r", 1)]);
    const { id } = await second.one("publish");
    await second.ok(id, { epoch: "1-1", offset: 1, time: 1, repeat: true });
    assert.equal((await published).repeat, true);
});

test("back-off of a page that is shown again is cut short, but not the server's own word", async () => {
    const world = new World();
    const parley = world.parley();
    for (const wait of [250, 500, 1000, 2000]) {
        await world.clock.advance(0);
        await world.servers.at(-1).close();
        if (wait < 2000) await world.clock.advance(wait);
    }
    fire(world, "visibilitychange");
    assert.equal(parley.state.inMs, 250);
    await world.clock.advance(250);
    await (await world.dialled()).close(4001, '{"afterMs":60000}');
    fire(world, "visibilitychange");
    assert.equal(parley.state.inMs, 60_000);
});

test("after close nothing of the browser is listened to", async () => {
    const world = new World();
    const parley = world.parley();
    await world.open();
    parley.close();
    for (const type of [
        "online", "offline", "pageshow", "focus", "visibilitychange", "resume", "storage",
    ]) fire(world, type);
    await world.clock.advance(100_000);
    assert.equal(parley.state.state, "stopped");
    assert.equal(world.servers.length, 1);
});
