// Who types: said and told seldom, shown as marks that fade (protocol/chat.md, Typing).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, push, settle, stored, told } from "./world.mjs";

test("that we type is said at once, again every 3 s at most; its end only after a beginning", async () => {
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

test("after a message the next mark is said when it is surely told: 1.25 s after the last", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    parley.typing("r");
    parley.publish("r", 1).catch(() => {});
    parley.publish("r", 2).catch(() => {});
    await settle();
    assert.deepEqual(server.take().map((message) => Object.keys(message).at(-1)), ["typing", "publish"]);
    await world.clock.advance(1249);
    parley.typing("r");
    await server.none();
    await world.clock.advance(1);
    parley.typing("r");
    await server.one("typing");
});

test("a mark goes after 6 s, at on:false, and when its user's publication arrives", async () => {
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

test("after the end of a mark the next one waits until the server tells it again: 1 s", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const says = async (on) => (parley.typing("r", on), await settle(), server.take().length === 1);
    assert.ok(await says(true));
    await world.clock.advance(500);
    assert.ok(await says(false));
    assert.ok(!await says(false));
    await world.clock.advance(1249);
    assert.ok(!await says(true));
    await world.clock.advance(1);
    assert.ok(await says(true));
});

test("what was said on one connection is said again on the next: marks begin anew", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    parley.typing("r");
    await server.one("typing");
    await server.close();
    await world.clock.advance(500);
    const second = await world.open([stored("r", 0)]);
    parley.typing("r");
    await second.one("typing");
});
