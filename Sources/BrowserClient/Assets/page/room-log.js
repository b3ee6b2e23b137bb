/** How many publications of a room that is not shown are remembered. */
const limit = 200;

/** What was said in a room since it was entered, so that it can be shown again. */
export class RoomLog {
    /** Oldest first. @type {any[]} */
    publications = [];
    /** Whether all that came with the join is here. */
    isComplete = false;
    isEphemeral = false;

    /** The join's last page came; answers whether it was the first time.
     * @param {string} kind */
    joined(kind) {
        this.isEphemeral = kind === "ephemeral";
        const isFirst = !this.isComplete;
        this.isComplete = true;
        return isFirst;
    }

    /** @param {any} publication */
    add(publication) {
        this.publications.push(publication);
        if (this.publications.length > limit) this.publications.shift();
    }

    /** What stands above `after` is void.
     * @param {number} after */
    cut(after) {
        this.publications = this.publications.filter(({ offset }) => offset === undefined || offset <= after);
    }
}
