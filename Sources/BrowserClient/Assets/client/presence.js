import { Roster } from "./roster.js";

/** The rosters somebody looks at, kept true over all reconnects. */
export class Presence {
    #commands;
    #emit;
    /** @type {Map<string, Roster>} */
    #rosters = new Map();

    /** @param {import("./commands.js").Commands} commands
     * @param {(type: string, detail: any) => void} emit */
    constructor(commands, emit) {
        this.#commands = commands;
        this.#emit = emit;
    }

    /** Reads a room's roster, and follows it from now on.
     * @param {string} room
     * @returns {Promise<Roster["view"]>} */
    watch(room) {
        const roster = this.#rosters.get(room) ?? new Roster();
        this.#rosters.set(room, roster);
        return this.#read(room, roster, true);
    }

    /** We are in the room, on a connection whose versions are new.
     * @param {string} room */
    joined(room) {
        this.#refresh(room, this.#rosters.get(room));
    }

    /** @param {{room: string} & import("./roster.js").RosterChange} change */
    pushed(change) {
        const roster = this.#rosters.get(change.room);
        if (!roster) return;
        if (!roster.change(change)) return this.#refresh(change.room, roster);
        if (roster.isCurrent) this.#tell(change.room, roster);
    }

    /** The connection is gone. */
    lost() {
        for (const roster of this.#rosters.values()) roster.await();
    }

    /** Nobody looks any more.
     * @param {string} room */
    forget(room) {
        this.#rosters.delete(room);
    }

    #refresh(room, roster) {
        // A refusal or another disconnect: what is known stays, and the next join reads again.
        if (roster) this.#read(room, roster, false).catch(() => {});
    }

    async #read(room, roster, survives) {
        const snapshot = await this.#commands.ask("presence", JSON.stringify({ room }), { survives });
        if (!roster.snapshot(snapshot)) this.#refresh(room, roster);
        return this.#rosters.get(room) === roster ? this.#tell(room, roster) : roster.view;
    }

    #tell(room, { view }) {
        this.#emit("presence", { room, roster: view });
        return view;
    }
}
