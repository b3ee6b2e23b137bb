// With a token nobody knows who we are before the server has said it: what is written then is not lost either.
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, settle } from "./world.mjs";

const token = async () => "t";

/** A page of Ada's, opened without network by a browser in which Ada was before, with a draft `a`; then gone. */
async function written() {
    const world = new World();
    const before = world.parley({ token });
    await world.open([], { user: "ada" });
    before.close();
    const offline = world.parley({ token });
    offline.publish("r", { text: "1" }, { clientId: "a" }).catch(() => {});
    await settle();
    return { world, offline };
}

test("what is written before the first connection is there after a reload", async () => {
    const { world, offline } = await written();
    offline.close();
    world.parley({ token });
    const server = await world.open([], { user: "ada" });
    const { publish } = await server.one("publish");
    assert.deepEqual([publish.clientId, publish.body], ["a", { text: "1" }]);
});

test("what is kept of who was here last is shown before the first connection", async () => {
    const { world, offline } = await written();
    offline.close();
    const reloaded = world.parley({ token });
    assert.equal(reloaded.user, "ada");
    assert.deepEqual(reloaded.drafts("r").map(({ clientId, state }) => `${clientId} ${state}`), ["a waiting"]);
});

test("is it somebody else by then, it is not said in that name, and stays kept for whose it is", async () => {
    const { world, offline } = await written();
    const server = await world.open([], { user: "eve" });
    await server.none();
    assert.deepEqual(offline.drafts("r").map(({ error }) => error?.name), ["userChanged"]);
    offline.close();
    world.parley({ token });
    assert.equal((await (await world.open([], { user: "ada" })).one("publish")).publish.clientId, "a");
});
