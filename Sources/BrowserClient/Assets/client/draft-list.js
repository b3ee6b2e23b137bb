/**
 * One message until it is settled.
 * @typedef {object} Draft
 * @property {string} room
 * @property {string} clientId
 * @property {string} body JSON text
 * @property {number} at when it was written, by the wall clock
 * @property {string | undefined} user whose it is; unknown before the first connection
 * @property {"waiting" | "sending" | "failed"} state
 * @property {import("./errors.js").ParleyError} [error] why it failed
 * @property {boolean} isEphemeral never sent twice by itself, never kept
 * @property {boolean} isOurs somebody of this page may wait for its promise
 * @property {(answer: any) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {Promise<any>} promise
 */

/** The drafts of all rooms, each room's in the order written. */
export class DraftList {
    /** @type {Map<string, Draft[]>} */
    #rooms = new Map();
    count = 0;
    characters = 0;

    /** @returns {Draft[]} */
    get all() {
        return [...this.#rooms.values()].flat();
    }

    /** Those that wait for the user's word, oldest first. */
    get failed() {
        return this.all.filter(({ state }) => state === "failed").sort(byAge);
    }

    /** The next one of each room, but of rooms that have one under way: none may overtake it.
     * @returns {Draft[]} */
    get due() {
        const open = [...this.#rooms.values()].map((drafts) => drafts.find(({ state }) => state !== "failed"));
        return open.flatMap((draft) => draft?.state === "waiting" ? [draft] : []);
    }

    /** @param {string} room */
    in(room) {
        return this.#rooms.get(room) ?? [];
    }

    /** @param {string} room
     * @param {string} clientId */
    find(room, clientId) {
        return this.in(room).find((draft) => draft.clientId === clientId);
    }

    /** @param {Draft} draft */
    has(draft) {
        return this.in(draft.room).includes(draft);
    }

    /** One that is under way stays the first, whatever is added that is older.
     * @param {Draft} draft */
    add(draft) {
        this.#rooms.set(draft.room, [...this.in(draft.room), draft].sort(byAge));
        this.count += 1;
        this.characters += draft.body.length;
    }

    /** @param {Draft} draft */
    remove(draft) {
        const left = this.in(draft.room).filter((other) => other !== draft);
        if (left.length > 0) this.#rooms.set(draft.room, left);
        else this.#rooms.delete(draft.room);
        this.count -= 1;
        this.characters -= draft.body.length;
    }
}

/** @param {Draft} left
 * @param {Draft} right */
function byAge(left, right) {
    return Number(right.state === "sending") - Number(left.state === "sending") || left.at - right.at;
}
