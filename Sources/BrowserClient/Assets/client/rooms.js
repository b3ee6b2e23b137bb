import { defer } from "./defer.js";
import { byteCount, checkRoom } from "./envelope.js";
import { ParleyError, ownError } from "./errors.js";
import { Subscription } from "./subscription.js";

/** Stands in where the server left a room out of its answer. */
const noOutcome = { code: 0, name: "badReply", message: "No answer came." };
/** What the rooms in `connect` may take of its frame; the others are joined after it. */
const connectRoomsBytes = 32_768;
const connectRoomsLimit = 100;

/** @typedef {{promise: Promise<any>, resolve: (answer: any) => void, reject: (error: Error) => void}} Wait */

/** The rooms we want to be in, whatever the connection does. */
export class Rooms {
    #environment;
    #connection;
    #commands;
    #emit;
    /** @type {Map<string, Subscription>} */
    #rooms = new Map();
    /** Who waits for a join: resolved by the last page of its reply. @type {Map<string, Wait>} */
    #waits = new Map();
    /** Rooms we left, as long as the server has not said that it knows: it would list them for ever.
     * @type {Set<string>} */
    #left = new Set();
    /** The joins that ride in `connect`. @type {{subscription: Subscription, turn: number}[]} */
    #riding = [];
    #ridingLimit = connectRoomsLimit;

    /** @param {import("./environment.js").Environment} environment
     * @param {import("./connection.js").Connection} connection
     * @param {import("./commands.js").Commands} commands
     * @param {(type: string, detail: any) => void} emit */
    constructor(environment, connection, commands, emit) {
        this.#environment = environment;
        this.#connection = connection;
        this.#commands = commands;
        this.#emit = emit;
    }

    /** @param {string} room
     * @returns {Subscription | undefined} */
    get(room) {
        return this.#rooms.get(room);
    }

    /** Resolves when everything up to now has been told.
     * @param {string} room
     * @param {import("./client.js").JoinOptions} options
     * @returns {Promise<import("./client.js").Entered>} */
    async join(room, options) {
        checkRoom(room);
        const wait = this.#waits.get(room);
        if (wait) return wait.promise;
        const known = this.#rooms.get(room);
        if (known) return entered(known);
        this.#left.delete(room);
        const subscription = new Subscription(room, options, {
            emit: this.#emit,
            join: (subscription) => void this.#join(subscription),
            history: (room, range) => this.#commands.ask("history", JSON.stringify({ room, ...range })),
        });
        const { promise } = this.#waits.set(room, defer({})).get(room);
        this.#rooms.set(room, subscription);
        if (this.#connection.isOpen) this.#join(subscription);
        return promise;
    }

    /** @param {string} room */
    async leave(room) {
        const subscription = this.#rooms.get(room);
        if (!subscription) return;
        this.#remove(subscription, ownError("closed", "The room was left."));
        this.#left.add(room);
        if (this.#connection.isOpen) await this.#leave(room);
    }

    /** The connection is there: says what was left while there was none, by the same user.
     * @param {boolean} isSame */
    leaveBehind(isSame) {
        if (!isSame) this.#left.clear();
        for (const room of this.#left) this.#leave(room).catch(() => {});
    }

    /** What `connect` says of the rooms, positions included. */
    ride() {
        this.#riding = [];
        const rooms = [];
        let bytes = 0;
        for (const subscription of this.#rooms.values()) {
            const { fields } = subscription;
            bytes += byteCount(JSON.stringify(fields)) + 1;
            if (rooms.length >= this.#ridingLimit || bytes > connectRoomsBytes) break;
            rooms.push(fields);
            this.#riding.push({ subscription, turn: subscription.joining() });
        }
        return rooms;
    }

    /** `connect` had more rooms than a session may have: they are joined one by one behind it, so that only
     * the surplus is refused. Answers whether there is any use in that. */
    tooMany() {
        this.#ridingLimit = 0;
        return this.#riding.length > 0;
    }

    /** The reply to `connect`: an outcome for each room that rode, in the same order.
     * @param {any[]} outcomes
     * @param {number} [limit] how many rooms a session may be in */
    opened(outcomes, limit = connectRoomsLimit) {
        this.#ridingLimit = Math.min(connectRoomsLimit, limit);
        const riding = this.#riding;
        this.#riding = [];
        const ridden = new Set(riding.map(({ subscription }) => subscription));
        const others = [...this.#rooms.values()].filter((subscription) => !ridden.has(subscription));
        riding.forEach(({ subscription, turn }, index) => {
            const outcome = outcomes[index] ?? { error: noOutcome };
            if (outcome.error) this.#refused(subscription, turn, new ParleyError(outcome.error));
            else this.#joined(subscription, turn, outcome);
        });
        for (const subscription of others) this.#join(subscription);
    }

    /** The connection is gone. */
    lost() {
        for (const subscription of this.#rooms.values()) subscription.detach();
    }

    /** A new token does not let us be in these: the server has us in them no longer.
     * @param {string[]} names */
    expelled(names) {
        for (const name of names) {
            const subscription = this.#rooms.get(name);
            const sentence = `The token no longer lets you be in ${name}.`;
            if (subscription) this.#expel(subscription, ownError("forbidden", sentence));
        }
    }

    /** No connection will come any more; the rooms stay wanted in case one does.
     * @param {Error} error */
    stop(error) {
        const waits = [...this.#waits.entries()];
        this.#waits.clear();
        for (const [room, wait] of waits) {
            this.#rooms.delete(room);
            wait.reject(error);
        }
    }

    async #join(subscription) {
        const { fields } = subscription;
        const turn = subscription.joining();
        try {
            const isWanted = () => subscription.awaits(turn);
            const answer = await this.#commands.ask("join", JSON.stringify(fields), { isWanted });
            this.#joined(subscription, turn, answer);
        } catch (error) {
            this.#refused(subscription, turn, error);
        }
    }

    async #leave(room) {
        try {
            // A list that was asked for before would still have it.
            await this.#commands.ask("leave", JSON.stringify({ room }), { isFirst: true });
            this.#left.delete(room);
        } catch (error) {
            // A connection that breaks leaves all rooms; the next one says that it was meant.
            if (error.name !== "disconnected") throw error;
        }
    }

    #joined(subscription, turn, answer) {
        if (!subscription.awaits(turn) || !subscription.joined(answer)) return;
        const { room } = subscription;
        const { kind, epoch, head } = answer;
        this.#emit("joined", { room, kind, epoch, head });
        this.#waits.get(room)?.resolve(entered(subscription));
        this.#waits.delete(room);
    }

    #refused(subscription, turn, error) {
        if (!subscription.awaits(turn) || error.name === "disconnected" || error.name === "stopped") return;
        if (!error.mayRetry) return this.#expel(subscription, error);
        this.#environment.setTimeout(() => {
            if (subscription.awaits(turn)) this.#join(subscription);
        }, error.retryAfterMs ?? 1000);
    }

    #expel(subscription, error) {
        this.#emit("refused", { room: subscription.room, error });
        this.#remove(subscription, error);
    }

    #remove(subscription, error) {
        subscription.detach();
        this.#rooms.delete(subscription.room);
        this.#waits.get(subscription.room)?.reject(error);
        this.#waits.delete(subscription.room);
    }
}

/** @param {Subscription} subscription */
function entered({ room, kind, position }) {
    return { room, kind, position };
}
