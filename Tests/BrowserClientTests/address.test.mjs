// What `new Parley` is given: addresses as people write them, and a sentence where they cannot be meant.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Parley, World, settle, told } from "./world.mjs";

test("addresses are understood as they are seen from the page", async () => {
    for (const [given, base, address] of [
        ["wss://chat.example/ws", undefined, "wss://chat.example/ws"],
        ["https://chat.example/ws", undefined, "wss://chat.example/ws"],
        ["http://127.0.0.1:8080/ws", undefined, "ws://127.0.0.1:8080/ws"],
        ["/ws", "https://chat.example/page/#room", "wss://chat.example/ws"],
        ["ws", "http://chat.example/chat/", "ws://chat.example/chat/ws"],
        ["//other.example/ws", "https://chat.example/", "wss://other.example/ws"],
        [new URL("https://chat.example/ws#room"), undefined, "wss://chat.example/ws"],
        ["wss://chat.example/ws?a=1", "https://page.example/", "wss://chat.example/ws?a=1"],
    ]) {
        const world = new World();
        world.parley({ base, url: given });
        await settle();
        assert.equal(world.address, address);
    }
});

test("an address that cannot be meant is refused with a sentence that names a good one", () => {
    const bad = [undefined, "", null, 7, "ftp://chat/ws", "chat.example:80/ws", "wss://", "https://["];
    const sentence = (given) => `new Parley(url): "${given}" is no address like wss://chat.example/ws.`;
    const refused = (given, base) => assert.throws(
        () => new World().parley({ base, url: given }), { name: "TypeError", message: sentence(given) });
    for (const given of bad) refused(given, "https://page.example/");
    refused("/ws", undefined);
});

test("options that cannot be meant are refused with a sentence", () => {
    for (const token of ["", 5, null, {}, Promise.resolve("t")]) {
        assert.throws(() => new World().parley({ token }), /a token is a text, or a function/);
    }
    assert.throws(() => new Parley("wss://chat.example/ws", { WebSocket: undefined }), /no WebSocket here/);
    assert.throws(() => new World().parley().on("state"), /on\("state", listener\): a function is missing/);
});

test("a token function that fails, gives nothing or hangs is named in the state's sentence", async () => {
    for (const [token, sentence] of [
        [() => { throw new Error("no network"); }, /^No token: no network; trying again/],
        [async () => { throw new Error("Sign in again."); }, /^No token: Sign in again; trying again/],
        [async () => { throw undefined; }, /^No token: undefined; trying again/],
        [async () => undefined, /^No token: the token function gave none; trying again/],
        [() => "", /^No token: the token function gave none; trying again/],
        [async () => ({ token: "t" }), /^No token: the token function gave none; trying again/],
        [() => new Promise(() => {}), /^No token came in time; trying again/],
    ]) {
        const world = new World();
        const parley = world.parley({ token });
        await world.clock.advance(15_000);
        const { sentence: first }
            = told(parley, "state").find(({ state }) => state === "waiting") ?? parley.state;
        assert.match(first, sentence);
        assert.notEqual(parley.state.state, "stopped");
        parley.close();
    }
});

test("a listener is called until ended; once, once; one that throws harms no other", async (context) => {
    context.mock.method(console, "error", () => {});
    const parley = new World().parley();
    const heard = [];
    parley.on("state", () => { throw new Error("a listener's"); });
    const end = parley.on("state", ({ state }) => heard.push(state));
    parley.once("state", ({ state }) => heard.push(`once ${state}`));
    parley.emit("state", { state: "open" });
    parley.emit("state", { state: "waiting" });
    end();
    parley.emit("state", { state: "open" });
    assert.deepEqual(heard, ["open", "once open", "waiting"]);
    assert.equal(console.error.mock.callCount(), 3);
});

test("every error is a ParleyError with name, code and a sentence", async () => {
    const world = new World();
    const { parley } = await world.member();
    const cyclic = {};
    cyclic.self = cyclic;
    const calls = [
        () => parley.publish("", 1), () => parley.publish("r", cyclic), () => parley.publish("r", 1n),
        () => parley.publish("r", undefined), () => parley.publish("r", 1, { clientId: "" }),
        () => parley.retry("r", "none"), () => parley.join(" r"), () => parley.join(undefined),
    ];
    for (const call of calls) {
        await assert.rejects(call(), (error) => {
            assert.ok(error instanceof Error && /^[a-z]\w+$/i.test(error.name), error.name);
            assert.equal(typeof error.code, "number");
            assert.match(error.message, /^[A-Z].*\.$/s);
            return error.constructor.name === "ParleyError";
        });
    }
});
