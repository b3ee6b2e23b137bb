// A token that ends: another one is asked for and taken on the same connection (protocol/chat.md, tokens).
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, push, settle, stored, told } from "./world.mjs";

/** A client in room r whose tokens are t1, t2, …; `tokens.fail` makes the next ones fail. */
async function member() {
    const world = new World();
    const tokens = { count: 0, fail: 0 };
    const parley = world.parley({
        token: async () => {
            tokens.count += 1;
            if (tokens.fail-- > 0) throw new Error("no network");
            return `t${tokens.count}`;
        },
    });
    const joined = parley.join("r");
    const server = await world.open([stored("r", 3)]);
    await joined;
    return { world, parley, server, tokens };
}

const expiring = { expiring: { inMs: 60_000 } };
const refreshed = { user: "guest-7", expiresAt: 9, left: [] };

test("expiring: the function is asked again, and its token refreshes the session", async () => {
    const { world, parley, server } = await member();
    assert.equal(server.connect.token, "t1");
    await server.say(expiring);
    const { id, refresh } = await server.one("refresh");
    assert.deepEqual(refresh, { token: "t2" });
    await server.ok(id, refreshed);
    await server.say(push(4));
    await world.clock.advance(20_000);
    assert.equal(told(parley, "publication").length, 1);
    assert.equal(parley.state.state, "open");
    assert.deepEqual(told(parley, "refused"), []);
    assert.equal(world.servers.length, 1);
});

test("rooms that the new token does not give are told as refused, and not joined again", async () => {
    const { world, parley, server } = await member();
    await server.say(expiring);
    const { id } = await server.one("refresh");
    await server.ok(id, { ...refreshed, left: ["r", "never heard of"] });
    const refusals = told(parley, "refused");
    assert.deepEqual(refusals.map(({ room, error }) => [room, error.name]), [["r", "forbidden"]]);
    await server.close();
    await world.clock.advance(1000);
    assert.deepEqual((await world.dialled()).connect.rooms, []);
});

test("a token that cannot be had, or is refused, is asked for again until it is accepted", async () => {
    const { world, server, tokens } = await member();
    tokens.fail = 1;
    await server.say(expiring);
    await server.none();
    await world.clock.advance(4999);
    await server.none();
    await world.clock.advance(1);
    const second = await server.one("refresh");
    assert.equal(second.refresh.token, "t3");
    await server.error(second.id, "unauthorized");
    await world.clock.advance(5000);
    const third = await server.one("refresh");
    assert.equal(third.refresh.token, "t4");
    await server.ok(third.id, refreshed);
    await world.clock.advance(15_000);
    assert.equal(tokens.count, 4);
});

test("a server that says expiring without pause is not answered without pause", async () => {
    const { world, server, tokens } = await member();
    await server.say(expiring);
    await server.ok((await server.one("refresh")).id, refreshed);
    await server.say(expiring, expiring, expiring);
    await server.none();
    await world.clock.advance(4999);
    await server.none();
    await world.clock.advance(1);
    await server.ok((await server.one("refresh")).id, refreshed);
    await world.clock.advance(10_000);
    assert.equal(tokens.count, 3);
});

test("a connection that breaks meanwhile: the next one begins with a token of its own, once", async () => {
    const { world, server, tokens } = await member();
    await server.say(expiring);
    await server.one("refresh");
    await server.close();
    await world.clock.advance(1000);
    const second = await world.open([stored("r", 3)]);
    assert.equal(second.connect.token, "t3");
    await world.clock.advance(20_000);
    assert.equal(tokens.count, 3);
});

test("expired: the client comes back with a new token and its positions", async () => {
    const { world, server } = await member();
    await server.close(4004, '{"reason":"The token has expired."}');
    await world.clock.advance(1000);
    const second = await world.dialled();
    assert.equal(second.connect.token, "t2");
    assert.deepEqual(second.connect.rooms[0].since, { epoch: "1-1", offset: 3 });
});

test("a token that is a string cannot be renewed: the session ends, and it is refused then", async () => {
    const world = new World();
    const parley = world.parley({ token: "t" });
    const server = await world.open();
    await server.say(expiring);
    await server.none();
    await server.close(4004);
    await world.clock.advance(1000);
    const second = await world.dialled();
    await second.error(second.connectId, "unauthorized");
    assert.equal(parley.state.state, "stopped");
    await settle();
});

test("with a token nobody is known before the server says who: the last user shows nothing", async () => {
    const world = new World();
    const before = world.parley({ token: "t" });
    await world.open([], { user: "ada" });
    await world.servers[0].close();
    before.publish("r", { text: "Ada's" }, { clientId: "a" }).catch(() => {});
    before.close();
    const parley = world.parley({ token: "t" });
    assert.deepEqual([parley.user, parley.drafts("r")], [undefined, []]);
    const eve = await world.open([], { user: "eve" });
    await eve.none();
    assert.deepEqual([parley.user, parley.drafts("r")], ["eve", []]);
    parley.close();
    world.parley({ token: "t" });
    assert.equal((await (await world.open([], { user: "ada" })).one("publish")).publish.clientId, "a");
});

test("what one user left while there was no connection is not left in another's name", async () => {
    const { world, parley, server } = await (async () => {
        const world = new World();
        const parley = world.parley({ token: async () => "t" });
        parley.join("r").catch(() => {});
        return { world, parley, server: await world.open([stored("r", 0)], { user: "ada" }) };
    })();
    await server.close();
    await parley.leave("r");
    await world.clock.advance(500);
    assert.deepEqual((await world.open([], { user: "eve" })).take().filter((line) => line.leave), []);
});
