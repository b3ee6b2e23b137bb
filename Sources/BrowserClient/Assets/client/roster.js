/** How many changes wait for the snapshot they belong to. */
const heldChangesLimit = 1000;

/**
 * @typedef {{user: string, name?: string}} Member
 * @typedef {{version: number, join?: Member[], leave?: string[]}} RosterChange
 */

/** Who is in a room: a snapshot, and the numbered changes that follow it. Versions mean something on one
 * connection only. */
export class Roster {
    /** The members known, by user. @type {Map<string, Member>} */
    members = new Map();
    /** How many there are; more than `members` where the server cut its list. */
    count = 0;
    /** Undefined while a snapshot is awaited. @type {number | undefined} */
    #version;
    /** @type {RosterChange[]} */
    #held = [];

    /** Whether a snapshot is there and no change is missing. */
    get isCurrent() {
        return this.#version !== undefined;
    }

    /** How it is now, for those who look: it does not change, what changes is another one. */
    get view() {
        const { members, count, isCurrent } = this;
        return { members: new Map(members), count, isCurrent };
    }

    /** Another connection, or a version is missing: what is known stays until the snapshot comes. */
    await() {
        this.#version = undefined;
        this.#held = [];
    }

    /** Takes a snapshot; answers whether it is enough, or another one is needed.
     * @param {{version: number, count: number, members: Member[]}} snapshot */
    snapshot({ version, count, members }) {
        this.members = new Map(members.map((member) => [member.user, member]));
        this.count = count;
        this.#version = version;
        const held = this.#held;
        this.#held = [];
        return held.every((change) => change.version <= version || this.change(change));
    }

    /** Takes a change; false says that one before it is missing, and a snapshot is needed.
     * @param {RosterChange} change */
    change(change) {
        if (this.#version === undefined) {
            if (this.#held.length < heldChangesLimit) this.#held.push(change);
            return true;
        }
        if (change.version <= this.#version) return true;
        if (change.version !== this.#version + 1) {
            this.await();
            return false;
        }
        this.#version = change.version;
        const { join = [], leave = [] } = change;
        const isWhole = this.count === this.members.size;
        // Somebody who is listed already has a new name, and is not one more.
        const isNew = ({ user }) => leave.includes(user) || !this.members.has(user);
        const counted = isWhole ? 0 : this.count + join.filter(isNew).length - leave.length;
        for (const user of leave) this.members.delete(user);
        for (const member of join) this.members.set(member.user, member);
        this.count = Math.max(this.members.size, counted);
        return true;
    }
}
