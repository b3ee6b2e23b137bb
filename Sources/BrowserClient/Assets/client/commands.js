import { ParleyError, ownError } from "./errors.js";
import { checkedAnswer } from "./shapes.js";

/** Verbs the server counts as reads: fewer of them may be under way. */
const reads = new Set(["join", "history", "rooms"]);
/** How many commands wait here for their turn. */
const waitingLimit = 500;

/**
 * @typedef {object} Entry
 * @property {string} verb
 * @property {string} fields
 * @property {boolean} survives asked again on the next connection when this one breaks
 * @property {() => boolean} [isWanted] looked at when its turn comes: false lets it go unsent
 * @property {(answer: any) => void} resolve
 * @property {(error: ParleyError) => void} reject
 */

/** Commands that want an answer: numbers them, keeps within the server's limits, gives each its answer. */
export class Commands {
    #environment;
    #connection;
    /** @type {Entry[]} */
    #waiting = [];
    /** @type {Map<number, Entry>} */
    #underWay = new Map();
    /** Those the server asked to come later. @type {Set<Entry>} */
    #paused = new Set();
    #readsUnderWay = 0;
    #limits = { outstanding: 256, outstandingReads: 16 };

    /** @param {import("./environment.js").Environment} environment
     * @param {import("./connection.js").Connection} connection */
    constructor(environment, connection) {
        this.#environment = environment;
        this.#connection = connection;
    }

    /** Asks, now or when the connection is there.
     * @param {string} verb
     * @param {string} fields JSON
     * @param {{survives?: boolean, isFirst?: boolean, isWanted?: () => boolean}} options `isFirst`: before
     *     all that wait
     * @returns {Promise<any>} */
    ask(verb, fields, { survives = false, isFirst = false, isWanted } = {}) {
        return new Promise((resolve, reject) => {
            if (this.#waiting.length >= waitingLimit) {
                const sentence = "Too many commands wait for the connection.";
                return reject(ownError("tooManyOutstanding", sentence));
            }
            const entry = { verb, fields, survives, isWanted, resolve, reject };
            this.#waiting[isFirst ? "unshift" : "push"](entry);
            this.#flush();
        });
    }

    /** The connection is there.
     * @param {{outstanding: number, outstandingReads: number}} limits */
    open(limits) {
        this.#limits = { ...this.#limits, ...limits };
        this.#flush();
    }

    /** The connection is gone: what was under way is asked again, or its outcome is unknown for ever. */
    lost() {
        for (const entry of this.#takeAll()) {
            if (entry.survives) this.#waiting.push(entry);
            else entry.reject(disconnected());
        }
    }

    /** Nothing will come any more.
     * @param {ParleyError} error */
    stop(error) {
        for (const entry of [...this.#takeAll(), ...this.#paused]) entry.reject(error);
    }

    #takeAll() {
        const all = [...this.#underWay.values(), ...this.#waiting];
        this.#underWay.clear();
        this.#readsUnderWay = 0;
        this.#waiting = [];
        return all;
    }

    /** An answer; says whether anybody asked.
     * @param {import("./envelope.js").Message} message */
    answered(message) {
        const entry = this.#underWay.get(/** @type {number} */ (message.id));
        if (!entry) return false;
        const answer = checkedAnswer(entry.verb, message);
        this.#underWay.delete(/** @type {number} */ (message.id));
        if (reads.has(entry.verb)) this.#readsUnderWay -= 1;
        if (answer !== undefined) entry.resolve(answer);
        else this.#failed(entry, new ParleyError(message.error ?? {}));
        this.#flush();
        return true;
    }

    #failed(entry, error) {
        if (!entry.survives || !error.mayRetry) return entry.reject(error);
        this.#paused.add(entry);
        this.#environment.setTimeout(() => {
            this.#paused.delete(entry);
            this.#waiting.push(entry);
            this.#flush();
        }, error.retryAfterMs ?? 1000);
    }

    #flush() {
        if (!this.#connection.isOpen) return;
        const kept = [];
        for (const entry of this.#waiting) {
            if (entry.isWanted?.() === false) {
                entry.reject(disconnected());
                continue;
            }
            const isRead = reads.has(entry.verb);
            const mayGo = this.#underWay.size < this.#limits.outstanding
                && (!isRead || this.#readsUnderWay < this.#limits.outstandingReads);
            if (!mayGo) {
                kept.push(entry);
                continue;
            }
            const id = this.#connection.nextId();
            this.#underWay.set(id, entry);
            if (isRead) this.#readsUnderWay += 1;
            this.#connection.send(entry.verb, entry.fields, id);
        }
        this.#waiting = kept;
    }
}

function disconnected() {
    return ownError("disconnected", "The connection broke before the answer came.");
}
