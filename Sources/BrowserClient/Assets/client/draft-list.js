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

/** How many drafts, and characters of bodies, wait to be sent at most; and for the user: of failed ones the
 * oldest gives way to one more. */
const waitingDraftLimit = 500;
const failedDraftLimit = 100;
const draftCharacterLimit = 2_097_152;

/** The drafts of all rooms, in the order written. */
export class DraftList {
    /** @type {Draft[]} */
    all = [];

    /** Those that are to be sent. */
    get open() {
        return this.all.filter(({ state }) => state !== "failed");
    }

    /** The failed ones that are too many, oldest first. */
    get excess() {
        const failed = this.all.filter(({ state }) => state === "failed");
        const left = [...failed];
        while (isBeyond(failedDraftLimit, left)) left.shift();
        return failed.slice(0, failed.length - left.length);
    }

    /** Whether one more may wait to be sent.
     * @param {string} body */
    hasRoom(body) {
        return !isBeyond(waitingDraftLimit, [...this.open, { body }]);
    }

    /** The next one of each room, but of rooms that have one under way: none may overtake it. */
    get due() {
        const rooms = new Map();
        for (const draft of this.all) {
            const isNext = draft.state === "sending" || !rooms.has(draft.room);
            if (draft.state !== "failed" && isNext) rooms.set(draft.room, draft);
        }
        return [...rooms.values()].filter(({ state }) => state === "waiting");
    }

    /** @param {string} room
     * @param {string} clientId */
    find(room, clientId) {
        return this.all.find((draft) => draft.clientId === clientId && draft.room === room);
    }

    /** @param {Draft} draft */
    add(draft) {
        this.all.push(draft);
        this.all.sort((left, right) => left.at - right.at);
    }

    /** @param {Draft} draft */
    remove(draft) {
        this.all = this.all.filter((other) => other !== draft);
    }
}

/** @param {number} count
 * @param {{body: string}[]} drafts */
function isBeyond(count, drafts) {
    const characters = drafts.reduce((sum, { body }) => sum + body.length, 0);
    return drafts.length > count || characters > draftCharacterLimit;
}

/** A draft as the page sees it.
 * @param {Draft} draft */
export function describe({ room, clientId, body, at, state, error }) {
    return { room, clientId, body: JSON.parse(body), at, state, ...(error && { error }) };
}
