/** How many publications a page asks for. */
export const pageLength = 100;

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

    /** @param {(room: string, range: object) => Promise<import("./timeline.js").Page>} history
     * @param {() => void} changed */
    constructor(history, changed) {
        this.#history = history;
        this.#changed = changed;
    }

    /** Another room or place: what is under way is not waited for. */
    reset() {
        this.older = { state: "idle" };
        this.newer = { state: "idle" };
    }

    /** What failed may be tried again. */
    forgive() {
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
        this[side] = { state: "idle" };
        if (answer.error) this[side] = { state: "failed", error: answer.error };
        else timeline.merge(side, answer.page, range, turn);
        this.#changed();
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
