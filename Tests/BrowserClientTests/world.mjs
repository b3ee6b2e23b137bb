// A world in the test's hands: clock, chance, storage and the server's side of each WebSocket.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The client's modules, or the one file that PARLEY_CLIENT names: what a server really served. */
const served = process.env.PARLEY_CLIENT;
const source = served === undefined
    ? new URL("../../Sources/BrowserClient/Assets/client/client.js", import.meta.url).href
    : `data:text/javascript;base64,${readFileSync(served).toString("base64")}`;
export const { Parley, ParleyError } = await import(source);

export const url = "ws://server/ws";

/** Lets every promise that can settle do so. */
export async function settle() {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export class VirtualClock {
    time = 1_000_000;
    #timers = new Map();
    #last = 0;
    now = () => this.time;
    setTimeout = (work, ms) => {
        assert.ok(ms >= 0 && ms < 2 ** 31, `a timer of ${ms} ms`);
        this.#timers.set(++this.#last, { at: this.time + ms, work });
        return this.#last;
    };
    clearTimeout = (timer) => void this.#timers.delete(timer);
    /** Runs everything due within `ms`, in order. */
    async advance(ms) {
        const end = this.time + ms;
        for (;;) {
            await settle();
            const due = [...this.#timers].filter(([, { at }]) => at <= end);
            if (due.length === 0) break;
            const [timer, { at, work }] = due.sort(([, left], [, right]) => left.at - right.at)[0];
            this.#timers.delete(timer);
            this.time = at;
            work();
        }
        this.time = end;
        await settle();
    }
}

export class MemoryStorage {
    items = new Map();
    get length() { return this.items.size; }
    key(index) { return [...this.items.keys()][index] ?? null; }
    getItem(key) { return this.items.get(key) ?? null; }
    setItem(key, value) { this.items.set(key, String(value)); }
    removeItem(key) { this.items.delete(key); }
}

/** The codes of errors.json the tests need; any other name is a badRequest. */
const codes = {
    unauthorized: 104, forbidden: 105, clientIdReused: 108, tooManyOutstanding: 110, unavailable: 111,
};

/** The server's side of one WebSocket. */
export class Server {
    lines = [];
    isClosed = false;
    constructor(socket) { this.socket = socket; }
    /** What the client sent since the last look, decoded. */
    take() { return this.lines.splice(0).map((line) => JSON.parse(line)); }
    /** The one thing it sent. */
    async one(verb) {
        await settle();
        const messages = this.take();
        assert.equal(messages.length, 1, `one ${verb}, not ${JSON.stringify(messages)}`);
        assert.ok(verb in messages[0], `${verb}, not ${JSON.stringify(messages[0])}`);
        return messages[0];
    }
    async none() {
        await settle();
        assert.deepEqual(this.take(), []);
    }
    async say(...messages) {
        this.socket.onmessage({ data: messages.map((message) => JSON.stringify(message)).join("\n") });
        await settle();
    }
    ok(id, ok) { return this.say({ id, ok }); }
    error(id, name, more = {}) {
        return this.say({ id, error: { code: codes[name] ?? 100, name, message: `${name}.`, ...more } });
    }
    async close(code = 1006, reason = "") {
        this.isClosed = true;
        this.socket.onclose({ code, reason });
        await settle();
    }
}

/** What the server grants. */
export const limits = {
    messageBytes: 65_536, bodyBytes: 32_768, roomsPerSession: 200, outstanding: 256, outstandingReads: 16,
    queueBytes: 1_048_576, pagePublications: 500, pageBytes: 262_144, retryWindowMs: 259_200_000,
};

/** What a client tells that its log keeps. */
const kinds = [
    "publication", "gap", "reset", "joined", "refused", "draft", "presence", "typing", "state", "error",
];

export class World {
    clock = new VirtualClock();
    storage = new MemoryStorage();
    events = new EventTarget();
    isOnline = true;
    isVisible = true;
    chance = 0.5;
    /** Every connection dialled, in order. @type {Server[]} */
    servers = [];
    #ids = 0;

    parley(options = {}) {
        const address = "url" in options ? options.url : url;
        const world = this;
        class WebSocket {
            constructor(address, protocol) {
                assert.equal(protocol, "parley.v1");
                world.address = address;
                this.server = new Server(this);
                world.servers.push(this.server);
            }
            send(line) { this.server.lines.push(line); }
            close() { this.server.isClosed = true; }
        }
        const parley = new Parley(address, {
            WebSocket, fetch: undefined, storage: this.storage, events: this.events,
            isOnline: () => this.isOnline, isVisible: () => this.isVisible,
            locks: undefined, base: "https://server/page/",
            random: () => this.chance, randomId: () => `id-${++this.#ids}`,
            now: this.clock.now, ticks: this.clock.now,
            setTimeout: this.clock.setTimeout, clearTimeout: this.clock.clearTimeout, ...options,
        });
        parley.log = [];
        for (const type of kinds) parley.on(type, (detail) => parley.log.push([type, detail]));
        return parley;
    }

    /** The newest connection, once it has said `connect`; `connect` is its command. */
    async dialled() {
        await settle();
        const server = this.servers.at(-1);
        assert.ok(server && !server.connect, "a new connection");
        server.socket.onopen({});
        const hello = await server.one("connect");
        server.connect = hello.connect;
        server.connectId = hello.id;
        return server;
    }

    /** Answers `connect`; `rooms` are the outcomes. */
    async open(rooms = [], more = {}) {
        const server = await this.dialled();
        await server.ok(server.connectId, hello(server.connect.user ?? "guest-7", { rooms, ...more }));
        return server;
    }

    /** A client that is in `room`, whose head is `head`. */
    async member(room = "r", head = 0, options = {}) {
        const parley = this.parley(options);
        parley.join(room).catch(() => {});
        const server = await this.open([stored(room, head)]);
        return { parley, server };
    }
}

/** The answer to `connect`. */
export const hello = (user, more = {}) => ({
    session: "s", user, serverTime: 5, pingMs: 25_000, pongMs: 20_000, limits,
    reconnect: { minMs: 500, maxMs: 20_000 }, rooms: [], ...more,
});
/** A publication in a list. */
export const said = (offset, more = {}) => ({
    offset, time: offset, user: "bob", clientId: `c${offset}`, body: { text: `${offset}` }, ...more,
});
/** A push of one. */
export const push = (offset, more = {}) => ({ publication: { room: "r", ...said(offset, more) } });
/** The answer to a join. */
export const stored = (room, head, publications = [], more = {}) =>
    ({ room, kind: "stored", epoch: "1-1", head, recovered: true, publications, ...more });
/** The details of one kind of event. */
export const told = (parley, type) =>
    parley.log.filter(([kind]) => kind === type).map(([, detail]) => detail);
/** The offsets shown, in order. */
export const offsets = (parley) => told(parley, "publication").map(({ offset }) => offset);
/** How long the client said it would wait, each time. */
export const waits = (parley) =>
    told(parley, "state").filter(({ state }) => state === "waiting").map(({ inMs }) => inMs);
