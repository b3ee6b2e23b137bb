import { webSocketAddress } from "./address.js";
import { followBrowser } from "./browser-events.js";
import { Commands } from "./commands.js";
import { Connection } from "./connection.js";
import { Credentials } from "./credentials.js";
import { DraftStore } from "./draft-store.js";
import { Emitter } from "./emitter.js";
import { checkRoom, encodeBody } from "./envelope.js";
import { environment } from "./environment.js";
import { ParleyError, ownError } from "./errors.js";
import { Outbox } from "./outbox.js";
import { Presence } from "./presence.js";
import { Rooms } from "./rooms.js";
import { checkPush } from "./shapes.js";
import { Shelf } from "./shelf.js";
import { Tabs } from "./tabs.js";
import { TokenRenewal } from "./token-renewal.js";
import { TypingMarks } from "./typing.js";
import { version } from "./version.js";

export { ParleyError };

/**
 * @typedef {Partial<import("./environment.js").Environment> & {
 *     token?: string | (() => string | Promise<string>),
 *     user?: string, name?: string}} Options `user` and `name` count in development mode, without a token; a
 *     function is asked for a token at each connect, before one expires, and once more after a refusal
 * @typedef {import("./subscription.js").Position} Position
 * @typedef {{tail?: number, since?: Position, events?: ("presence" | "typing")[]}} JoinOptions
 * @typedef {{room: string, kind: "stored" | "ephemeral", position?: Position}} Entered
 * @typedef {{clientId: string, epoch?: string, offset?: number, time: number, repeat?: boolean}} Published
 */

/** A session with a Parley server that outlives its connections. `client.d.ts` has its events. */
export class Parley extends Emitter {
    static version = version;

    #environment;
    #credentials;
    #connection;
    #commands;
    #rooms;
    #presence;
    #typing;
    #outbox;
    #renewal;
    #unfollow;
    /** The rooms of which nothing is kept, as far as we were in them or have said something. */
    #ephemeral = new Set();

    /** Starts at once.
     * @param {string | URL} url of the server's `/ws`
     * @param {Options} [options] */
    constructor(url, options = {}) {
        super();
        this.#environment = environment(options);
        const address = webSocketAddress(url, this.#environment.base);
        const prefix = `parley:${address}:`;
        const emit = (type, detail) => this.#told(type, detail);
        const shelf = new Shelf(this.#environment.storage);
        this.#credentials = new Credentials(options, shelf, prefix);
        this.#connection = new Connection(address, this.#environment, this.#delegate());
        this.#commands = new Commands(this.#environment, this.#connection);
        this.#rooms = new Rooms(this.#environment, this.#connection, this.#commands, emit);
        this.#presence = new Presence(this.#commands, emit);
        this.#typing = new TypingMarks(this.#environment, (room, users) => emit("typing", { room, users }));
        const tabs = new Tabs(this.#environment, prefix);
        const store = new DraftStore(shelf, prefix, tabs);
        this.#outbox = new Outbox(this.#environment, store, tabs, {
            send: ({ room, clientId, body }) => this.#send(room, clientId, body),
            changed: (event) => this.emit("draft", event),
        });
        this.#renewal = new TokenRenewal(
            this.#environment, this.#commands, () => this.#credentials.token(),
            (rooms) => this.#rooms.expelled(rooms));
        /** Who we are: the server's word, or what it will be told. @type {string | undefined} */
        this.user = this.#credentials.user;
        if (this.user !== undefined) this.#outbox.identify(this.user);
        this.#unfollow = followBrowser(this.#environment, {
            looked: () => this.#connection.hasten(),
            moved: () => this.#connection.moved(),
            cut: () => this.#connection.pause(),
            stored: ({ key, newValue }) => this.#outbox.stored(key, newValue),
        });
        this.#connection.start();
    }

    /** @returns {import("./connection-state.js").ConnectionState} */
    get state() {
        return this.#connection.state;
    }

    /** Is in a room from now on, over all reconnects; resolves when everything up to now has been told.
     * @param {string} room
     * @param {JoinOptions} [options] without `since`, the last `tail` publications are told first
     * @returns {Promise<Entered>} */
    async join(room, options = {}) {
        this.#checkRunning();
        return this.#rooms.join(room, options);
    }

    /** Is in a room no longer.
     * @param {string} room
     * @returns {Promise<void>} */
    leave(room) {
        this.#forget(room);
        return this.#rooms.leave(room);
    }

    /** Says something; resolves when it is stored, however many connections that takes.
     * @param {string} room
     * @param {any} body any JSON value
     * @param {{clientId?: string}} options the same clientId again is the same message
     * @returns {Promise<Published>} */
    async publish(room, body, { clientId = this.#environment.randomId() } = {}) {
        this.#checkRunning();
        checkRoom(room);
        if (!/^[!-~]{1,64}$/.test(clientId)) {
            throw ownError("badRequest", "A clientId is 1 to 64 visible ASCII characters.");
        }
        this.#typing.published(room);
        return this.#outbox.add(room, clientId, encodeBody(body), this.#ephemeral.has(room));
    }

    /** The drafts of a room that are not settled, oldest first; failed ones have their `error`.
     * @param {string} room */
    drafts(room) {
        return this.#outbox.drafts(room);
    }

    /** Sends a failed draft again; under another `clientId` where only that is safe, which the answer tells.
     * @param {string} room
     * @param {string} clientId
     * @returns {Promise<Published>} */
    async retry(room, clientId) {
        this.#checkRunning();
        return this.#outbox.retry(room, clientId);
    }

    /** Gives up a draft that failed or waits; false says that there is none, or that it is under way.
     * @param {string} room
     * @param {string} clientId */
    discard(room, clientId) {
        return this.#outbox.discard(room, clientId);
    }

    /** A page of a room's past, oldest first; the newest one without `before` and `after`.
     * @param {string} room
     * @param {{before?: number, after?: number, limit?: number}} [range] */
    history(room, range = {}) {
        return this.#ask("history", { room, ...range });
    }

    /** Who is in a room; from now on `presence` events tell of changes, until the room is left.
     * @param {string} room
     * @returns {Promise<import("./roster.js").Roster["view"]>} */
    async presence(room) {
        this.#checkRunning();
        return this.#presence.watch(room);
    }

    /** The rooms this user has joined, ever.
     * @param {{after?: string, limit?: number}} [range] */
    rooms(range = {}) {
        return this.#ask("rooms", range);
    }

    /** Tells the others that we type, or no longer. Call it at every key: it is sent as seldom as will do.
     * @param {string} room
     * @param {boolean} [on] */
    typing(room, on = true) {
        if (!this.#connection.isOpen || !this.#rooms.get(room) || !this.#typing.isDue(room, on)) return;
        this.#connection.send("typing", JSON.stringify({ room, on }));
    }

    /** How long the way there and back takes, in milliseconds. */
    async ping() {
        const start = this.#environment.ticks();
        await this.#ask("ping", {}, false);
        return this.#environment.ticks() - start;
    }

    /** Development mode: is called otherwise from now on. The connection starts anew: a name is said there.
     * @param {string | undefined} name */
    rename(name) {
        this.#credentials.rename(name);
        this.#connection.restart();
    }

    /** Tries to connect now, where it waits to. */
    reconnect() {
        this.#connection.retry();
    }

    /** Ends it. Drafts that are not settled stay in the storage for the next visit. */
    close() {
        this.#connection.stop("Closed.");
    }

    #checkRunning() {
        const { state, sentence } = this.state;
        if (state === "stopped") throw ownError("stopped", sentence);
    }

    async #ask(verb, fields, survives = true) {
        this.#checkRunning();
        return this.#commands.ask(verb, JSON.stringify(fields), { survives });
    }

    async #send(room, clientId, body) {
        const names = JSON.stringify({ room, clientId });
        const answer = await this.#commands.ask("publish", `${names.slice(0, -1)},"body":${body}}`);
        if (answer.offset === undefined) this.#ephemeral.add(room);
        return answer;
    }

    /** @returns {import("./connection.js").ConnectionDelegate} */
    #delegate() {
        return {
            token: () => this.#credentials.token(),
            renewsToken: this.#credentials.renewsToken,
            hello: (token) => ({
                ...this.#credentials.hello(token), client: `parley-js/${version}`, rooms: this.#rooms.ride(),
            }),
            opened: (answer) => this.#opened(answer),
            tooMany: () => this.#rooms.tooMany(),
            received: (message) => this.#received(message),
            lost: () => this.#lost(),
            changed: (state) => this.#changed(state),
        };
    }

    #opened({ session, user, name, limits, serverTime, rooms }) {
        this.#rooms.leaveBehind((this.user ?? user) === user);
        this.user = user;
        this.#credentials.named(user);
        this.emit("connected", { session, user, name, limits, serverTime });
        if (!this.#connection.isOpen) return;
        this.#commands.open(limits);
        this.#rooms.opened(rooms ?? [], limits.roomsPerSession);
        if (this.#connection.isOpen) this.#outbox.open(user, limits);
    }

    #lost() {
        const all = [this.#rooms, this.#presence, this.#typing, this.#renewal, this.#outbox, this.#commands];
        for (const part of all) part.lost();
    }

    #changed(state) {
        if (state.state === "stopped") {
            const error = ownError("stopped", state.sentence);
            for (const part of [this.#rooms, this.#outbox, this.#commands]) part.stop(error);
            this.#unfollow();
            this.#environment.endTimers();
        }
        this.emit("state", state);
    }

    #received(message) {
        if (message.id !== undefined && this.#commands.answered(message)) return;
        checkPush(message);
        if (message.error) return this.emit("error", new ParleyError(message.error));
        const { publication, presence, typing, skip, reset, expiring, goaway } = message;
        if (publication) this.#rooms.get(publication.room)?.publication(publication);
        if (skip) this.#rooms.get(skip.room)?.skip(skip);
        if (reset) this.#rooms.get(reset.room)?.reset(reset);
        if (typing && typing.user !== this.user && this.#rooms.get(typing.room)) this.#typing.pushed(typing);
        if (presence) this.#presence.pushed(presence);
        if (expiring && this.#credentials.renewsToken) this.#renewal.expiring();
        if (goaway) this.#connection.leaveSoon(goaway.afterMs);
    }

    #forget(room) {
        this.#presence.forget(room);
        this.#typing.forget(room);
    }

    /** What the rooms and rosters tell, on its way to the page. */
    #told(type, detail) {
        if (type === "publication") this.#typing.clear(detail.room, detail.user);
        if (type === "joined") {
            this.#ephemeral[detail.kind === "ephemeral" ? "add" : "delete"](detail.room);
            this.#presence.joined(detail.room);
        }
        if (type === "refused") this.#forget(detail.room);
        this.emit(type, detail);
    }
}
