/** How many publications a page asks for: more take longer than a frame or two to lay out. */
export const pageLength = 50;
const fruitlessLimit = 3;

/** @typedef {import("./timeline.js").Side} Side
 * @typedef {import("./timeline-rows.js").Reading} Reading */

/** Reads the past of the open room at both ends of its window, one page at a time at each. */
export class HistoryReader {
    /** @type {Reading} */
    older = { state: "idle" };
    /** @type {Reading} */
    newer = { state: "idle" };
    #history;
    #changed;
    /** How many answers in a row brought nothing. */
    #fruitless = 0;

    /** @param {(room: string, range: object) => Promise<import("./timeline.js").Page>} history
     * @param {() => void} changed */
    constructor(history, changed) {
        this.#history = history;
        this.#changed = changed;
    }

    /** Another room or place: what is under way is not waited for. */
    reset() {
        this.#fruitless = 0;
        this.older = { state: "idle" };
        this.newer = { state: "idle" };
    }

    /** What failed may be tried again. */
    forgive() {
        this.#fruitless = 0;
        if (this.older.state === "failed") this.older = { state: "idle" };
        if (this.newer.state === "failed") this.newer = { state: "idle" };
    }

    /** Reads on at one end, unless that is under way or has failed.
     * @param {import("./timeline.js").Timeline} timeline
     * @param {Side} side */
    async read(timeline, side) {
        if (this[side].state !== "idle") return;
        /** @type {Reading} */
        const reading = { state: "loading" };
        this[side] = reading;
        const { turn } = timeline;
        const range = timeline.range(side);
        const answer = await this.#page(timeline, range);
        if (this[side] !== reading) return;
        this.#become(side, { state: "idle" });
        const error = answer.error ?? this.#merged(timeline, side, answer.page, range, turn);
        if (error) this.#become(side, { state: "failed", error });
        this.#changed();
    }

    /** @param {Side} side
     * @param {Reading} reading */
    #become(side, reading) {
        this[side] = reading;
    }

    /** A server that answers nothing of use must not be asked for ever. */
    #merged(timeline, side, page, range, turn) {
        const place = JSON.stringify(timeline.merge(side, page, range, turn) && timeline.range(side));
        this.#fruitless = place === JSON.stringify(range) ? this.#fruitless + 1 : 0;
        return this.#fruitless > fruitlessLimit ? new Error("the answers are of no use.") : undefined;
    }

    async #page(timeline, range) {
        try {
            const page = await this.#history(timeline.room, { ...range, limit: pageLength });
            if (!Array.isArray(page?.publications)) return { error: new Error("the answer was of no use.") };
            // The archive was changed, and we shall be told how.
            if (timeline.epoch !== undefined && page.epoch !== undefined && page.epoch !== timeline.epoch) {
                return { error: new Error("the archive was changed just now.") };
            }
            return { page };
        } catch (error) {
            return { error };
        }
    }
}
