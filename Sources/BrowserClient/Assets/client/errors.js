import { boundedWait } from "./bounded-wait.js";

/** @typedef {{code: number, name: string, message: string, retryAfterMs?: number}} ErrorReply */

/** Refusals that say nothing final: the same command may succeed later, unchanged. */
const retried = new Set(["unavailable", "tooManyOutstanding", "rateLimited"]);

/** Why something was not done. `name` is the one on the wire (`unavailable`, …) or one of our own. */
export class ParleyError extends Error {
    /** @param {Partial<ErrorReply>} reply what is missing or of another kind is filled in: it may be any
     *     server's */
    constructor({ code, name, message, retryAfterMs }) {
        super(typeof message === "string" && message !== "" ? message : "The server gave no reason.");
        this.name = typeof name === "string" ? name : "unknown";
        /** The number on the wire; 0 for this library's own errors. */
        this.code = typeof code === "number" ? code : 0;
        /** When trying again makes sense, in milliseconds. */
        this.retryAfterMs = boundedWait(retryAfterMs);
    }

    /** Whether the same command may succeed later; a code never seen before tells by its `retryAfterMs`. */
    get mayRetry() {
        return this.retryAfterMs !== undefined || retried.has(this.name);
    }
}

/** What this library itself refuses: `stopped`, `disconnected`, `expired`, `userChanged`, …
 * @param {string} name
 * @param {string} message */
export function ownError(name, message) {
    return new ParleyError({ name, message });
}
