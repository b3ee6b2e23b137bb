/** @typedef {{code: number, name: string, message: string, retryAfterMs?: number}} ErrorReply */

/** Refusals that say nothing final: the same command may succeed later, unchanged. */
const retried = new Set(["unavailable", "tooManyOutstanding"]);

/** Why something was not done. `name` is the one on the wire (`unavailable`, …) or one of our own. */
export class ParleyError extends Error {
    /** @param {ErrorReply} reply */
    constructor({ code, name, message, retryAfterMs }) {
        super(message);
        this.name = name;
        /** The number on the wire; 0 for this library's own errors. */
        this.code = code;
        /** When trying again makes sense, in milliseconds. */
        this.retryAfterMs = retryAfterMs;
    }

    /** Whether the same command may succeed later; a code never seen before tells by its `retryAfterMs`. */
    get mayRetry() {
        return this.retryAfterMs !== undefined || retried.has(this.name);
    }

    /** What this library itself refuses: `closed`, `stopped`, `disconnected`, `expired`, `userChanged`, …
     * @param {string} name
     * @param {string} message */
    static local(name, message) {
        return new ParleyError({ code: 0, name, message });
    }
}
