/** We repeat that we type at most this often, in milliseconds. */
const repeatMs = 3000;
/** The server tells the others at most once in 1,000 ms, and what comes sooner is lost. It measures between
 * arrivals: the margin is for a mark that travels faster than the one before it. */
const toldMs = 1250;
/** A mark that is not repeated goes after this long, in milliseconds. */
const markMs = 6000;

/** Who is typing where, ourselves and the others. */
export class TypingMarks {
    #environment;
    #changed;
    /** What we said last, when, and when to say again that we type, by room.
     * @type {Map<string, {isOn: boolean, at: number, dueAt: number}>} */
    #said = new Map();
    /** The others' marks: room, then user.
     * @type {Map<string, Map<string, {user: string, name?: string, timer: any}>>} */
    #marks = new Map();

    /** @param {import("./environment.js").Environment} environment
     * @param {(room: string, users: {user: string, name?: string}[]) => void} changed */
    constructor(environment, changed) {
        this.#environment = environment;
        this.#changed = changed;
    }

    /** Whether the server is to be told now that we type, or no longer.
     * @param {string} room
     * @param {boolean} isOn */
    isDue(room, isOn) {
        const said = this.#said.get(room);
        const now = this.#environment.ticks();
        if (isOn ? said && now < said.dueAt : !said?.isOn) return false;
        this.#said.set(room, { isOn, at: now, dueAt: now + (isOn ? repeatMs : toldMs) });
        return true;
    }

    /** What we wrote has left: the others take the mark away by themselves, and the next one is said as soon
     * as it is heard.
     * @param {string} room */
    published(room) {
        const said = this.#said.get(room);
        if (said) said.dueAt = said.at + toldMs;
    }

    /** Somebody types, or no longer.
     * @param {{room: string, user: string, name?: string, on?: boolean}} push */
    pushed({ room, user, name, on }) {
        if (on === false) return this.clear(room, user);
        const marks = this.#marks.get(room) ?? new Map();
        this.#marks.set(room, marks);
        this.#environment.clearTimeout(marks.get(user)?.timer);
        const timer = this.#environment.setTimeout(() => this.clear(room, user), markMs);
        marks.set(user, { user, name, timer });
        this.#tell(room);
    }

    /** That user wrote what he was typing, or stopped.
     * @param {string} room
     * @param {string} user */
    clear(room, user) {
        const mark = this.#marks.get(room)?.get(user);
        if (!mark) return;
        this.#environment.clearTimeout(mark.timer);
        this.#marks.get(room)?.delete(user);
        this.#tell(room);
    }

    /** The room was left.
     * @param {string} room */
    forget(room) {
        for (const user of [...(this.#marks.get(room)?.keys() ?? [])]) this.clear(room, user);
        this.#marks.delete(room);
        this.#said.delete(room);
    }

    /** The connection is gone, and with it what was said on it. */
    lost() {
        for (const room of [...this.#marks.keys()]) this.forget(room);
        this.#said.clear();
    }

    #tell(room) {
        const marks = [...(this.#marks.get(room)?.values() ?? [])];
        this.#changed(room, marks.map(({ user, name }) => ({ user, name })));
    }
}
