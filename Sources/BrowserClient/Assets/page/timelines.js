import { Timeline } from "./timeline.js";

/** Of so many rooms the newest messages are remembered; of others little more than where they end. */
const rememberedRooms = 30;

/** What is known of each room we have heard of; the one shown last comes last. */
export class Timelines {
    #who;
    /** @type {Map<string, Timeline>} */
    #rooms = new Map();

    /** @param {{user?: string, name?: string}} who we are, now and later */
    constructor(who) {
        this.#who = who;
    }

    /** @param {string} room
     * @returns {Timeline} */
    get(room) {
        const known = this.#rooms.get(room);
        if (known) return known;
        const timeline = new Timeline(room, this.#who);
        // What was never shown is the first to be forgotten.
        this.#rooms = new Map([[room, timeline], ...this.#rooms]);
        return timeline;
    }

    /** The room is shown now: of the one that was not for longest little is kept.
     * @param {string} room
     * @returns {Timeline} */
    shown(room) {
        const timeline = this.get(room);
        this.#rooms.delete(room);
        this.#rooms.set(room, timeline);
        timeline.show();
        for (const other of [...this.#rooms.values()].slice(0, -rememberedRooms)) other.close(false);
        return timeline;
    }

    /** @param {string} room */
    forget(room) {
        this.#rooms.delete(room);
    }
}
