// Drafts whose room or time is not what it seemed: never twice, never before older ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { World } from "./world.mjs";

test("in an ephemeral room never joined what was lost is not said twice once known", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open();
    const first = parley.publish("cursor", 1);
    await server.ok((await server.one("publish")).id, { time: 1 });
    await first;
    const lost = assert.rejects(parley.publish("cursor", 2), { name: "disconnected" });
    await server.one("publish");
    await server.close();
    await lost;
    await world.clock.advance(500);
    await (await world.open()).none();
});

test("what is written after a reload stands behind what was kept, with any clock", async () => {
    const world = new World();
    const first = world.parley({ user: "ada" });
    first.publish("r", 1, { clientId: "one" }).catch(() => {});
    first.close();
    world.clock.time -= 3_600_000;
    const second = world.parley({ user: "ada" });
    second.publish("r", 2, { clientId: "two" }).catch(() => {});
    assert.deepEqual(second.drafts("r").map(({ clientId }) => clientId), ["one", "two"]);
});
