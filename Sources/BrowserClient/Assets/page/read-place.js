/** How far the open room was read. Offsets; in ephemeral rooms numbers of arrival. */
export class ReadPlace {
    /** The highest that was on screen, in this visit or before. */
    #seen = 0;
    /** The highest that was on screen in this visit. */
    #told = 0;

    /** Another visit begins; `seen` is where the last one ended: the end where nobody knows.
     * @param {number} seen */
    start(seen) {
        this.#seen = seen;
        this.#told = 0;
    }

    /** Something was on screen; answers whether this is news.
     * @param {number} position
     * @returns {boolean} */
    saw(position) {
        if (position <= this.#told) return false;
        this.#told = position;
        if (position < this.#seen) return false;
        this.#seen = position;
        return true;
    }

    /** What stands above `after` is void.
     * @param {number} after */
    cut(after) {
        this.#seen = Math.min(this.#seen, after);
        this.#told = Math.min(this.#told, after);
    }

    /** @param {number} position */
    isUnseen(position) {
        return position > this.#seen;
    }

    /** How many were not on screen yet.
     * @param {number} head the last there is */
    unseen(head) {
        return Math.max(0, head - this.#seen);
    }
}
