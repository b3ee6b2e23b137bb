import { Backoff } from "./backoff.js";
import { boundedWait } from "./bounded-wait.js";
import { connecting, offline, open, readClose, stopped, waiting } from "./connection-state.js";
import { encode } from "./envelope.js";
import { ParleyError } from "./errors.js";
import { Heartbeat } from "./heartbeat.js";
import { Refusal } from "./refusal.js";
import { checkedAnswer } from "./shapes.js";
import { WebSocketTransport } from "./websocket-transport.js";

/** So long a connection may take from the first byte to the answer to `connect`. */
const connectTimeoutMs = 15_000;

/**
 * @typedef {object} ConnectionDelegate
 * @property {() => Promise<string | undefined>} token
 * @property {boolean} renewsToken whether asking again may give another token
 * @property {(token: string | undefined) => object} hello the fields of `connect`
 * @property {(answer: any) => void} opened the server knows us
 * @property {() => boolean} tooMany `connect` had too many rooms; answers whether the next one has fewer
 * @property {(message: import("./envelope.js").Message) => void} received
 * @property {() => void} lost after `opened`: what was under way has an unknown outcome
 * @property {(state: import("./connection-state.js").ConnectionState) => void} changed
 */

/** Keeps a session up: dials, says `connect`, answers heartbeats, and comes back by the protocol's rules. */
export class Connection {
    #url;
    #environment;
    #delegate;
    #backoff;
    #heartbeat;
    #refusal;
    /** @type {WebSocketTransport | undefined} */
    #transport;
    /** @type {import("./connection-state.js").ConnectionState} */
    #state = stopped("Not started.");
    #timer;
    /** Until we close a connection that the server has said goodbye on. */
    #goodbye;
    #connectId = 0;
    #lastId = 0;
    #openedAt = 0;
    /** A token was refused, and another one asked for. */
    #isRenewed = false;
    /** When the server that is going away wants us back, by `ticks`. */
    #comeBackAt;
    /** The wait is the server's word: no event of the browser shortens it. */
    #isWaitTold = false;
    /** Tells the present try from those before it. */
    #try = 0;

    /** @param {string} url
     * @param {import("./environment.js").Environment} environment
     * @param {ConnectionDelegate} delegate */
    constructor(url, environment, delegate) {
        this.#url = url;
        this.#environment = environment;
        this.#delegate = delegate;
        this.#backoff = new Backoff(environment.random);
        this.#refusal = new Refusal(url, environment.fetch);
        this.#heartbeat = new Heartbeat(environment, {
            probe: () => this.send("ping", "{}", this.nextId()),
            dead: () => this.#transport?.abandon("The server was not heard for too long"),
        });
    }

    get state() {
        return this.#state;
    }

    get isOpen() {
        return this.#state.state === "open";
    }

    /** The number of the next command; never used twice, not even on another connection. */
    nextId() {
        return ++this.#lastId;
    }

    /** Sends a command; whoever calls knows that the connection is open.
     * @param {string} verb
     * @param {string} fields
     * @param {number} [id] */
    send(verb, fields, id) {
        this.#heartbeat.sent(id !== undefined);
        this.#transport?.send(encode(id, verb, fields));
    }

    /** Dials now, unless it does or has already. */
    start() {
        if (this.#state.state === "stopped") this.#dial();
    }

    /** Who we are has changed: dials anew at once, unless it will soon. The server's word on when stands. */
    restart() {
        const isIdle = ["stopped", "waiting", "offline"].includes(this.#state.state);
        if (isIdle || this.#comeBackAt !== undefined) return;
        this.#drop();
        this.#dial();
    }

    /** Ends it for good.
     * @param {string} sentence
     * @param {number} [code] */
    stop(sentence, code) {
        this.#drop();
        this.#change(stopped(sentence, code));
    }

    /** Somebody does not want to wait. */
    retry() {
        if (["waiting", "offline"].includes(this.#state.state)) this.#dial();
    }

    /** The page is looked at again. */
    hasten() {
        if (this.isOpen) return this.#heartbeat.hasten();
        if (!["waiting", "offline"].includes(this.#state.state) || this.#isWaitTold) return;
        this.#wait(this.#backoff.soon(), false);
    }

    /** The network is back, or another one: what was connected may be connected no longer. */
    moved() {
        if (this.isOpen) this.#heartbeat.doubt();
        else this.hasten();
    }

    /** The browser says that the network is gone. */
    pause() {
        if (this.isOpen) this.#heartbeat.doubt();
        if (this.#state.state === "waiting" && !this.#isWaitTold) this.#wait(0, false);
    }

    /** The server is about to stop.
     * @param {number} afterMs */
    leaveSoon(afterMs) {
        const wait = boundedWait(afterMs) ?? 0;
        this.#comeBackAt = this.#environment.ticks() + wait;
        this.#environment.clearTimeout(this.#goodbye);
        const leave = () => this.#transport?.abandon("The server is going away");
        this.#goodbye = this.#environment.setTimeout(leave, wait);
    }

    async #dial() {
        const attempt = ++this.#try;
        this.#comeBackAt = undefined;
        this.#change(connecting());
        // Whoever was told may have ended it.
        if (attempt !== this.#try) return;
        this.#after(connectTimeoutMs, () => this.#fail("No token came in time"));
        let token;
        try {
            token = await this.#delegate.token();
        } catch (error) {
            if (attempt === this.#try) this.#fail(`No token: ${error?.message ?? error}`);
            return;
        }
        if (attempt !== this.#try) return;
        this.#after(connectTimeoutMs, () => this.#fail("The server did not answer in time"));
        try {
            this.#transport = new WebSocketTransport(this.#url, this.#environment, {
                opened: () => attempt === this.#try && this.#hello(token),
                received: (message) => attempt === this.#try && this.#received(message),
                closed: (end) => attempt === this.#try && this.#closed(end),
            });
        } catch (error) {
            this.stop(`The browser refuses the address ${this.#url}: ${error.message}`);
        }
    }

    #hello(token) {
        this.#refusal.opened();
        this.#connectId = this.nextId();
        this.send("connect", JSON.stringify(this.#delegate.hello(token)), this.#connectId);
    }

    #received(message) {
        this.#heartbeat.heard();
        if (message.id === undefined && message.ping) {
            // The answer to a heartbeat is no reason for the server to say more: it does not count as sent.
            return this.#transport?.send(encode(undefined, "pong", "{}"));
        }
        if (message.id !== this.#connectId || this.isOpen) return this.#delegate.received(message);
        const answer = checkedAnswer("connect", message);
        if (answer) this.#greeted(answer);
        else this.#refused(new ParleyError(message.error));
    }

    #greeted(answer) {
        this.#environment.clearTimeout(this.#timer);
        this.#isRenewed = false;
        this.#openedAt = this.#environment.ticks();
        this.#backoff.advise(answer.reconnect);
        this.#heartbeat.start(answer.pingMs, answer.pongMs);
        this.#change(open());
        if (this.isOpen) this.#delegate.opened(answer);
    }

    #refused(error) {
        const isUnknown = error.name === "unauthorized";
        const mayRenew = isUnknown && this.#delegate.renewsToken && !this.#isRenewed;
        const isLess = error.name === "tooManyRooms" && this.#delegate.tooMany();
        if (!mayRenew && !isLess && !error.mayRetry) return this.stop(error.message, error.code);
        this.#isRenewed ||= isUnknown;
        this.#drop();
        this.#comeBack(error.retryAfterMs, error.message);
    }

    #closed(end) {
        const { comesBack, afterMs, sentence } = readClose(end);
        const goaway = this.#comeBackAt === undefined
            ? undefined : Math.max(0, this.#comeBackAt - this.#environment.ticks());
        this.#drop();
        if (!comesBack) {
            return this.#change(
                stopped(sentence ?? `The server closed the session (${end.code}).`, end.code));
        }
        this.#comeBack(afterMs ?? goaway, sentence);
        if (!end.wasOpen) this.#askWhy();
    }

    /** Tells why the handshake was refused, where the server is there to say so. */
    async #askWhy() {
        const attempt = this.#try;
        if (!await this.#refusal.ask() || attempt !== this.#try) return;
        const { state, inMs } = this.#state;
        if (state === "waiting") this.#change(waiting(inMs, this.#refusal.reason));
    }

    /** A try that failed before there was an answer, or before there was a connection. */
    #fail(reason) {
        if (this.#transport) return this.#transport.abandon(reason);
        this.#drop();
        this.#comeBack(undefined, reason);
    }

    /** Forgets the present connection, and tells the delegate if it had one. */
    #drop() {
        this.#try += 1;
        this.#environment.clearTimeout(this.#timer);
        this.#environment.clearTimeout(this.#goodbye);
        this.#heartbeat.stop();
        const transport = this.#transport;
        this.#transport = undefined;
        const wasOpen = this.isOpen;
        if (wasOpen) this.#backoff.lasted(this.#environment.ticks() - this.#openedAt);
        // The delegate may look at the state: it must not be the old one.
        this.#state = connecting();
        transport?.abandon();
        if (wasOpen) this.#delegate.lost();
    }

    #comeBack(toldMs, reason) {
        this.#wait(toldMs ?? this.#backoff.next(), toldMs !== undefined, reason);
    }

    #wait(ms, isTold, reason) {
        this.#isWaitTold = isTold;
        // What the browser believes of the network may be wrong, so a slow try goes on.
        const isOffline = !isTold && !this.#environment.isOnline();
        this.#after(isOffline ? this.#backoff.maxMs : ms, () => this.#dial());
        this.#change(isOffline ? offline() : waiting(ms, this.#refusal.reason ?? reason));
    }

    #after(ms, work) {
        this.#environment.clearTimeout(this.#timer);
        this.#timer = this.#environment.setTimeout(work, ms);
    }

    #change(state) {
        this.#state = state;
        this.#delegate.changed(state);
    }
}
