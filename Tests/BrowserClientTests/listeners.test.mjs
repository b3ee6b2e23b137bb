// What a listener may do while it is told something: leave the room, or end the session.
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, offsets, said, stored, told } from "./world.mjs";

test("closed by a listener while it dials, it never comes back", async () => {
    const world = new World();
    const { parley, server } = await world.member();
    const end = parley.on("state", ({ state }) => {
        if (state !== "connecting") return;
        end();
        parley.close();
    });
    await server.close();
    await world.clock.advance(120_000);
    assert.deepEqual([parley.state.state, world.servers.length], ["stopped", 1]);
});

for (const type of ["state", "connected"]) {
    test(`closed by a listener of ${type} as it opens, it sends nothing and tells nothing more`, async () => {
        const world = new World();
        const parley = world.parley();
        const joined = assert.rejects(parley.join("r", { tail: 9 }), { name: "stopped" });
        const published = assert.rejects(parley.publish("r", 1), { name: "stopped" });
        parley.on(type, () => parley.state.state === "open" && parley.close());
        const server = await world.open([stored("r", 1, [said(1)])]);
        await Promise.all([joined, published, server.none()]);
        assert.deepEqual([offsets(parley), parley.drafts("r")[0].state], [[], "waiting"]);
    });
}

for (const end of ["leave", "close"]) {
    test(`${end} in a listener of publication: it was the last one`, async () => {
        const world = new World();
        const parley = world.parley();
        const joined = assert.rejects(parley.join("r", { tail: 9 }));
        parley.on("publication", () => void parley[end]("r"));
        await world.open([stored("r", 3, [said(1), said(2), said(3)])]);
        await joined;
        assert.deepEqual([offsets(parley), told(parley, "joined")], [[1], []]);
    });
}

test("left and joined anew by a listener: the new join is answered by its own reply", async () => {
    const world = new World();
    const parley = world.parley();
    parley.join("r", { tail: 2 }).catch(() => {});
    let entered;
    parley.once("publication", () => {
        parley.leave("r");
        entered = parley.join("r");
    });
    const server = await world.open([stored("r", 2, [said(1), said(2)])]);
    const [, join] = server.take();
    await server.ok(join.id, stored("r", 5));
    assert.equal((await entered).position.offset, 5);
    assert.deepEqual(offsets(parley), [1]);
});
