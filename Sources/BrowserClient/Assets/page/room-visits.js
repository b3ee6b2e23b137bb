/** How many joins are under way at once: the server allows some reads, and the open room comes first. */
const joinsAtOnce = 4;
/** How many rooms are left for those one opens oneself. */
const reserve = 20;
/** So many of what was not seen are looked at, for whether they are our own. */
const longestTail = 50;
/** A list that does not end is not read to its end. */
const longestList = 1000;

/** Joins the rooms one has been in, in the background, so that what is said there is noticed. Those beyond
 * what one session may be in are listed and joined when they are shown. */
export class RoomVisits {
    #parley;
    #listed;
    #tail;
    #isReading = false;
    /** @type {Set<string>} */
    #joined = new Set();
    #limit = 0;

    /** @param {import("/client.js").Parley} parley
     * @param {(entry: {room: string, epoch?: string, head?: number}) => void} listed
     * @param {(room: string) => number} unreadIn how much was not seen there: our own are found among them */
    constructor(parley, listed, unreadIn = () => 0) {
        this.#parley = parley;
        this.#listed = listed;
        this.#tail = (room) => Math.min(Math.max(1, unreadIn(room)), longestTail);
    }

    /** A connection is open: reads the list, also for what was joined on another device.
     * @param {{roomsPerSession?: number} | undefined} limits */
    async connected(limits) {
        this.#limit = Math.max(0, (limits?.roomsPerSession ?? 100) - reserve);
        if (this.#isReading) return;
        this.#isReading = true;
        try {
            for await (const entry of this.#pages()) this.#listed(entry);
        } catch {
            // The next connection tries again; until then the rooms that are known are there.
        } finally {
            this.#isReading = false;
        }
    }

    /** @param {string} room */
    left(room) {
        this.#joined.delete(room);
    }

    /** @param {string} room */
    entered(room) {
        this.#joined.add(room);
    }

    async *#pages() {
        let after;
        for (let count = 0; count < longestList;) {
            const page = await this.#parley.rooms(
                after === undefined ? { limit: 100 } : { after, limit: 100 });
            yield* page.rooms;
            await this.#join(page.rooms.map(({ room }) => room));
            count += page.rooms.length;
            after = page.rooms.at(-1)?.room;
            if (!page.more || after === undefined) return;
        }
    }

    async #join(rooms) {
        const waiting = rooms.filter((room) => !this.#joined.has(room));
        const joinNext = async () => {
            for (let room = waiting.shift(); room !== undefined; room = waiting.shift()) {
                if (this.#joined.size >= this.#limit) return;
                this.#joined.add(room);
                // What refuses it is told by an event.
                const joined = this.#parley.join(room, { tail: this.#tail(room) });
                await joined.catch(() => this.#joined.delete(room));
            }
        };
        await Promise.all(Array.from({ length: joinsAtOnce }, joinNext));
    }
}
