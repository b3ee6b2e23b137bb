// A handshake that was refused: the browser tells the page nothing, the client finds out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { settle, told, World } from "./world.mjs";

const sentence = "The origin https://shop.example may not use this server.";

/** What a server answers to who asks by plain HTTP. */
const says = (status, text, type = "text/plain; charset=utf-8") =>
    () => ({ status, headers: new Headers({ "content-type": type }), text: async () => text });

/** A client whose handshake was refused, and what it then asked for. */
async function refused(answer, world = new World()) {
    const asked = [];
    const fetch = async (...request) => {
        asked.push(request);
        return answer(...request);
    };
    const parley = world.parley({ fetch });
    await settle();
    await world.servers[0].close();
    return { world, parley, asked };
}

test("the state says why the server refuses the handshake, and when it is tried again", async () => {
    const { parley, asked } = await refused(says(403, sentence));
    assert.deepEqual(asked, [["http://server/ws", { credentials: "omit", cache: "no-store" }]]);
    assert.equal(parley.state.state, "waiting");
    assert.equal(parley.state.sentence, `${sentence.slice(0, -1)}; trying again in a moment.`);
    assert.equal(told(parley, "state").filter(({ state }) => state === "waiting").length, 2);
});

test("where nobody answers, or nothing is wrong, the state stays as it is", async () => {
    const silent = () => Promise.reject(new TypeError("Failed to fetch"));
    const answers = [
        silent, says(200, "Welcome."), says(403, ""), says(403, "x".repeat(501)),
        says(502, "<h1>Bad gateway</h1>", "text/html"),
    ];
    for (const answer of answers) {
        const { parley } = await refused(answer);
        assert.equal(parley.state.sentence, "Not connected; trying again in a moment.");
    }
});

test("whatever a server says to a wrong address or a stripped upgrade is told as well", async () => {
    for (const status of [400, 404, 426, 503]) {
        const { parley } = await refused(says(status, "Try /ws instead.\n"));
        assert.equal(parley.state.sentence, "Try /ws instead; trying again in a moment.");
    }
});

test("an answer that comes when the next try is under way is told with the next wait", async () => {
    let answer;
    const { world, parley } = await refused(() => new Promise((resolve) => { answer = resolve; }));
    await world.clock.advance(500);
    assert.equal(parley.state.state, "connecting");
    answer(says(403, sentence)());
    await settle();
    assert.equal(parley.state.state, "connecting");
    await world.servers[1].close();
    assert.match(parley.state.sentence, /^The origin https:\/\/shop\.example may not/);
});

test("it is asked after the first, second, fourth and eighth try, and what was learnt stays", async () => {
    const { world, parley, asked } = await refused(says(403, sentence));
    const after = [asked.length];
    for (let failures = 2; failures <= 8; failures += 1) {
        parley.reconnect();
        await settle();
        await world.servers.at(-1).close();
        after.push(asked.length);
    }
    assert.deepEqual(after, [1, 2, 2, 3, 3, 3, 3, 4]);
    const reasons = told(parley, "state").filter(({ state }) => state === "waiting").slice(1);
    assert.ok(reasons.every(({ sentence }) => sentence.startsWith("The origin")), "no flicker");
    parley.reconnect();
    await (await world.open()).close();
    assert.match(parley.state.sentence, /^Not connected/);
    parley.reconnect();
    await settle();
    await world.servers.at(-1).close();
    assert.equal(asked.length, 4, "who was open once does not ask any more");
});

test("a connection that was open is not asked about", async () => {
    const world = new World();
    const asked = [];
    world.parley({ fetch: async (url) => asked.push(url) });
    const server = await world.open();
    await server.close();
    assert.deepEqual(asked, []);
});

test("where the page's policy forbids the address no close comes: the error alone ends the try", async () => {
    const world = new World();
    const parley = world.parley();
    await settle();
    world.servers[0].socket.onerror({});
    await world.clock.advance(999);
    assert.equal(parley.state.state, "connecting");
    await world.clock.advance(1);
    const { state, sentence } = parley.state;
    assert.equal(state, "waiting");
    assert.match(sentence, /^The browser did not connect, and its console says why; trying again/);
});

test("where a close follows the error, it alone is heard", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open();
    server.socket.onerror({});
    await server.close(4500, JSON.stringify({ reason: "Closed for good." }));
    await world.clock.advance(5000);
    assert.deepEqual([parley.state.state, parley.state.sentence], ["stopped", "Closed for good."]);
});

test("who does not want to wait has the client try at once, also where the server said when", async () => {
    const world = new World();
    const parley = world.parley();
    const server = await world.open();
    parley.reconnect();
    assert.equal(world.servers.length, 1, "an open connection stays");
    await server.close(4000, JSON.stringify({ reason: "Come later.", afterMs: 20_000 }));
    assert.equal(parley.state.state, "waiting");
    parley.reconnect();
    assert.equal(parley.state.state, "connecting");
    await world.open();
    assert.deepEqual([parley.state.state, world.servers.length], ["open", 2]);
    await world.clock.advance(20_000);
    assert.equal(world.servers.length, 2, "the wait is over");
});
