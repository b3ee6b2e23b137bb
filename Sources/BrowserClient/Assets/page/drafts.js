/**
 * @typedef {{room: string, clientId: string, body: any, at: number,
 *     state: "waiting" | "sending" | "sent" | "failed" | "discarded",
 *     answer?: {offset?: number, time?: number}, error?: Error}} Draft
 */

/** A room's drafts that are shown, oldest first: those that are not settled, and those that were sent and
 * whose publication has not come. */
export class Drafts {
    /** @type {Draft[]} */
    all = [];

    /** @param {Draft} draft */
    put(draft) {
        this.all = [...this.all, draft].sort((left, right) => left.at - right.at);
    }

    /** Takes the one of that name away.
     * @param {string} clientId
     * @returns {Draft | undefined} */
    take(clientId) {
        const draft = this.all.find((each) => each.clientId === clientId);
        if (draft) this.all = this.all.filter((each) => each !== draft);
        return draft;
    }

    /** The publication at `position` was told: those that were sent before it are not waited for any more.
     * @param {number} position */
    passed(position) {
        if (this.all.length === 0) return;
        this.all = this.all.filter(({ answer }) => !(answer?.offset <= position));
    }
}

/** What a draft's row is known by, also when it has become a publication's.
 * @param {string} clientId */
export function draftKey(clientId) {
    return `draft:${clientId}`;
}
