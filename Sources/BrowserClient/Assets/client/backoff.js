/** How long to wait before the next try: full jitter below a bound that doubles from `minMs` to `maxMs`. */
export class Backoff {
    #random;
    #minMs = 500;
    #maxMs = 20_000;
    #attempt = 0;
    #lastBound = 0;

    /** @param {() => number} random from 0 to 1 */
    constructor(random) {
        this.#random = random;
    }

    /** The largest wait, in milliseconds. */
    get maxMs() {
        return this.#maxMs;
    }

    /** The bounds the server asks for.
     * @param {{minMs: number, maxMs: number} | undefined} advice */
    advise(advice) {
        if (!(advice?.minMs > 0) || !(advice.maxMs >= advice.minMs)) return;
        this.#minMs = advice.minMs;
        this.#maxMs = advice.maxMs;
    }

    /** The next wait, in milliseconds. */
    next() {
        const bound = Math.min(this.#maxMs, this.#minMs * 2 ** this.#attempt);
        if (bound < this.#maxMs) this.#attempt += 1;
        this.#lastBound = bound;
        return Math.round(this.#random() * bound);
    }

    /** A short wait that spreads clients which were woken by the same event. */
    soon() {
        return Math.round(this.#random() * this.#minMs);
    }

    /** A session ended: after one that was longer than the last bound, the next wait is a first one again.
     * @param {number} ms how long it lasted */
    lasted(ms) {
        if (ms > this.#lastBound) this.#attempt = 0;
    }
}
