/**
 * @typedef {{room: string, offset?: number, epoch?: string, time: number, user: string, name?: string,
 *     clientId?: string, body: any, isLive?: boolean}} Publication
 * @typedef {{key: string, position: number, publication: Publication}} Entry `position` is the offset; where
 *     there are none, in ephemeral rooms, the number of its arrival
 */

/** A stretch of a room: every publication there is from position `from` to position `to`. */
export class Stretch {
    /** In order of their positions. @type {Entry[]} */
    entries = [];

    /** @param {number} from
     * @param {number} [to] */
    constructor(from, to = from - 1) {
        this.from = from;
        this.to = to;
    }

    get length() {
        return this.entries.length;
    }

    /** An entry behind all others; what is not there between is not to be had.
     * @param {Entry} entry */
    append(entry) {
        this.entries.push(entry);
        this.to = entry.position;
    }

    /** Entries before all others, and everything there is from `from` on.
     * @param {Entry[]} entries
     * @param {number} from */
    prepend(entries, from) {
        this.entries.unshift(...entries);
        this.from = from;
    }

    /** What stands above `after` is void.
     * @param {number} after */
    cut(after) {
        this.entries = this.entries.filter(({ position }) => position <= after);
        this.to = Math.min(this.to, after);
        this.from = Math.min(this.from, this.to + 1);
    }

    /** Keeps the newest `kept`.
     * @param {number} kept */
    dropOldest(kept) {
        if (this.length <= kept) return;
        this.entries.splice(0, this.length - kept);
        this.from = this.entries[0]?.position ?? this.to + 1;
    }

    /** Keeps the oldest `kept`.
     * @param {number} kept */
    dropNewest(kept) {
        if (this.length <= kept) return;
        this.entries.splice(kept);
        this.to = this.entries.at(-1)?.position ?? this.from - 1;
    }

    /** @returns {Stretch} */
    copy() {
        const copy = new Stretch(this.from, this.to);
        copy.entries = [...this.entries];
        return copy;
    }
}
