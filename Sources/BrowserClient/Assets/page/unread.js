/** @typedef {{epoch: string, offset: number}} Position
 * @typedef {{epoch?: string, head: number, mark?: Position, loose: number}} Entry `loose`: unseen
 *     publications of an ephemeral room, which have no offsets */

/** Up to where each room was read. Offsets have no holes, so what is unread is a difference. The marks are
 * kept for each user, and all tabs of a user share them: what was seen in one is seen in all. */
export class UnreadMarks {
    #kept;
    #changed;
    /** @type {string | undefined} */
    #user;
    /** @type {Map<string, Entry>} */
    #rooms = new Map();

    /** @param {import("./kept.js").Kept} kept
     * @param {(room: string) => void} changed */
    constructor(kept, changed) {
        this.#kept = kept;
        this.#changed = changed;
    }

    /** Whose marks these are; another user's are forgotten.
     * @param {string | undefined} user */
    identify(user) {
        if (user === this.#user) return;
        this.#user = user;
        const rooms = [...this.#rooms.keys()];
        for (const entry of this.#rooms.values()) entry.mark = undefined;
        for (const room of rooms) this.#reread(room);
    }

    /** A room as the server says it is now. One that was never read here counts as read: nobody wants to
     * begin with 9,000 unread messages.
     * @param {string} room
     * @param {string | undefined} epoch none in an ephemeral room
     * @param {number} [head] */
    stands(room, epoch, head = 0) {
        const entry = this.#entry(room);
        if (epoch !== undefined) {
            entry.epoch = epoch;
            entry.head = head;
            const { mark } = entry;
            if (!mark) this.#mark(room, entry, head);
            // Another epoch: what the history forked away was never there.
            else if (mark.epoch !== epoch || mark.offset > head) {
                this.#mark(room, entry, Math.min(mark.offset, head));
            }
        }
        this.#changed(room);
    }

    /** Somebody said something.
     * @param {string} room
     * @param {number | undefined} offset */
    said(room, offset) {
        const entry = this.#entry(room);
        if (offset === undefined) entry.loose += 1;
        else entry.head = Math.max(entry.head, offset);
        this.#changed(room);
    }

    /** It was on the screen, up to there; in an ephemeral room all of it was.
     * @param {string} room
     * @param {number} [offset] */
    seen(room, offset) {
        const entry = this.#entry(room);
        const { mark, epoch, loose } = entry;
        entry.loose = 0;
        if (offset !== undefined && epoch !== undefined && offset > (mark?.offset ?? -1)) {
            this.#mark(room, entry, offset);
        } else if (loose === 0) {
            return;
        }
        this.#changed(room);
    }

    /** The history changed: what stood above `after` is void.
     * @param {string} room
     * @param {string} epoch
     * @param {number} after */
    reset(room, epoch, after) {
        const entry = this.#entry(room);
        entry.epoch = epoch;
        entry.head = Math.min(entry.head, after);
        if (entry.mark) this.#mark(room, entry, Math.min(entry.mark.offset, after));
        this.#changed(room);
    }

    /** @param {string} room
     * @returns {Position | undefined} */
    readUpTo(room) {
        return this.#entry(room).mark;
    }

    /** @param {string} room */
    count(room) {
        const entry = this.#rooms.get(room);
        if (!entry) return 0;
        return entry.loose + (entry.mark ? Math.max(0, entry.head - entry.mark.offset) : 0);
    }

    get total() {
        let total = 0;
        for (const room of this.#rooms.keys()) total += this.count(room);
        return total;
    }

    /** The room was left.
     * @param {string} room */
    forget(room) {
        this.#rooms.delete(room);
        if (this.#user !== undefined) this.#kept.write(this.#key(room), undefined);
        this.#changed(room);
    }

    /** Another tab wrote to the storage.
     * @param {string | null} key */
    stored(key) {
        for (const room of this.#rooms.keys()) {
            if (this.#key(room) === key) this.#reread(room);
        }
    }

    #entry(room) {
        let entry = this.#rooms.get(room);
        if (!entry) {
            entry = { head: 0, loose: 0, mark: this.#read(room) };
            this.#rooms.set(room, entry);
        }
        return entry;
    }

    #mark(room, entry, offset) {
        entry.mark = { epoch: entry.epoch, offset };
        if (this.#user !== undefined) this.#kept.write(this.#key(room), `${entry.epoch} ${offset}`);
    }

    /** A mark only moves forward, unless the epoch is another. */
    #reread(room) {
        const entry = this.#entry(room);
        const mark = this.#read(room);
        const isNews = mark && (mark.epoch !== entry.mark?.epoch || mark.offset > entry.mark.offset);
        if (isNews) entry.mark = mark;
        if (isNews) this.#changed(room);
    }

    /** @returns {Position | undefined} */
    #read(room) {
        const found = this.#user === undefined
            ? null : /^([!-~]{1,16}) (\d{1,16})$/.exec(this.#kept.read(this.#key(room)) ?? "");
        return found ? { epoch: found[1], offset: Number(found[2]) } : undefined;
    }

    #key(room) {
        return `parley:read:${JSON.stringify([this.#user, room])}`;
    }
}
