/** How many pushes wait while a skipped range is fetched; more of them and the room is joined anew. */
const heldLimit = 1000;
/** A skipped range longer than this is fetched from its end only. */
const fetchLimit = 2000;

/**
 * @typedef {{epoch: string, offset: number}} Position
 * @typedef {{offset?: number, time: number, user: string, name?: string, clientId?: string, body: any,
 *     epoch?: string}} Publication
 * @typedef {{room: string, kind: "stored" | "ephemeral", epoch?: string, head?: number, recovered: boolean,
 *     gap?: {from: number, to: number}, more?: boolean, publications: Publication[]}} Joined
 *
 * @typedef {object} SubscriptionHost
 * @property {(type: string, detail: any) => void} emit
 * @property {(subscription: Subscription) => void} join sends `join` with `subscription.fields`
 * @property {(room: string, range: {after: number, limit: number}) => Promise<any>} history
 */

/** One room we are in: lets every publication through once and in order, and knows the position we have seen.
 *
 * The position moves by pushes in sequence and by the publications of replies and fetched pages, never by the
 * reply to our own `publish`: publications before that one may still be under way. */
export class Subscription {
    /** @type {"detached" | "joining" | "fetching" | "live"} */
    #phase = "detached";
    #host;
    #tail;
    #events;
    /** @type {string | undefined} */
    #epoch;
    #offset = 0;
    /** Pushes that came while a range before them was fetched. */
    #held = [];
    /** Tells a fetch whose answer is still wanted from one that a join or a disconnect has overtaken. */
    #turn = 0;

    /** @param {string} room
     * @param {{tail?: number, since?: Position, events?: string[]}} options
     * @param {SubscriptionHost} host */
    constructor(room, { tail, since, events }, host) {
        this.room = room;
        /** @type {"stored" | "ephemeral" | undefined} */
        this.kind = undefined;
        this.#host = host;
        this.#tail = tail;
        this.#events = events;
        if (since) [this.#epoch, this.#offset] = [since.epoch, since.offset];
    }

    /** The position seen; undefined before the first join's reply, and in ephemeral rooms always.
     * @returns {Position | undefined} */
    get position() {
        return this.#epoch === undefined ? undefined : { epoch: this.#epoch, offset: this.#offset };
    }

    /** What `join` says, or an element of `connect`'s rooms. */
    get fields() {
        const since = this.position;
        const fields = { room: this.room };
        if (since) fields.since = since;
        else if (this.#tail !== undefined) fields.tail = this.#tail;
        if (this.#events) fields.events = this.#events;
        return fields;
    }

    /** A join is on its way: what is pushed until its reply is in the reply as well. The number it is given
     * tells its reply from that of a join before it. */
    joining() {
        this.#enter("joining");
        return this.#turn;
    }

    /** Whether the reply to that join is still the one awaited.
     * @param {number} turn */
    awaits(turn) {
        return this.#phase === "joining" && this.#turn === turn;
    }

    /** The connection is gone, or the room was left. */
    detach() {
        this.#enter("detached");
    }

    /** The reply to a join; answers whether this was its last page.
     * @param {Joined} answer */
    joined(answer) {
        this.kind = answer.kind;
        if (answer.kind === "ephemeral") {
            this.#epoch = undefined;
            this.#enter("live");
            return true;
        }
        const publications = answer.publications ?? [];
        if (answer.more && publications.length === 0) {
            // An empty page moves nothing: the same is asked for again.
            this.#host.join(this);
            return false;
        }
        const before = publications.length > 0 ? publications[0].offset - 1 : answer.head ?? 0;
        if (this.#epoch === undefined) this.#offset = before;
        else if (!answer.recovered) this.#lose(answer, before);
        this.#epoch = answer.epoch;
        const start = this.#offset;
        if (!publications.every((publication) => this.#take(publication))) return false;
        if (answer.more && this.#offset > start) {
            this.#host.join(this);
            return false;
        }
        this.#enter("live");
        return true;
    }

    /** @param {Publication} push */
    publication(push) {
        if (push.offset === undefined) {
            return this.#host.emit("publication", { room: this.room, ...push, isLive: true });
        }
        this.#inTurn(() => {
            if (push.offset <= this.#offset) return;
            if (push.offset > this.#offset + 1) return this.#host.join(this);
            this.#epoch = push.epoch ?? this.#epoch;
            this.#take(push, true);
        });
    }

    /** @param {{from: number, to: number}} push */
    skip({ from, to }) {
        this.#inTurn(() => {
            if (to <= this.#offset) return;
            if (from > this.#offset + 1) return this.#host.join(this);
            this.#fetch(to);
        });
    }

    /** @param {{epoch: string, after: number}} push */
    reset({ epoch, after }) {
        this.#inTurn(() => this.#void(epoch, after));
    }

    /** Does what a push asks for, or keeps it until what comes before it is there. */
    #inTurn(work) {
        if (this.#phase === "live") return work();
        if (this.#phase !== "fetching") return;
        this.#held.push(work);
        if (this.#held.length > heldLimit) this.#host.join(this);
    }

    #enter(phase) {
        this.#phase = phase;
        this.#turn += 1;
        this.#held = [];
    }

    /** Shows a publication unless it was seen; false says that whoever was told has left the room or ended
     * the connection. */
    #take(publication, isLive = false) {
        const turn = this.#turn;
        if (publication.offset <= this.#offset) return true;
        if (publication.offset > this.#offset + 1) this.#gap(this.#offset + 1, publication.offset - 1);
        this.#offset = publication.offset;
        this.#host.emit("publication", { room: this.room, ...publication, epoch: this.#epoch, isLive });
        return turn === this.#turn;
    }

    /** A join that could not give everything after our position: it goes on after `before`. */
    #lose(answer, before) {
        const isOurs = answer.epoch === this.#epoch || answer.gap !== undefined;
        const kept = isOurs ? Math.min(before, (answer.gap?.from ?? before + 1) - 1) : 0;
        if (kept < this.#offset) this.#void(answer.epoch, kept);
        this.#gap(answer.gap?.from, answer.gap?.to);
        this.#offset = before;
    }

    #void(epoch, after) {
        this.#epoch = epoch;
        this.#offset = Math.min(this.#offset, after);
        this.#host.emit("reset", { room: this.room, epoch, after });
    }

    #gap(from, to) {
        this.#host.emit("gap", { room: this.room, from, to });
    }

    /** Reads what the server skipped, up to `to`; what cannot be had is told as a gap. */
    async #fetch(to) {
        this.#phase = "fetching";
        const turn = this.#turn;
        if (to - this.#offset > fetchLimit) this.#pass(to - fetchLimit);
        while (this.#offset < to) {
            const before = this.#offset;
            let page;
            try {
                const limit = Math.min(to - before, 1000);
                page = await this.#host.history(this.room, { after: before, limit });
            } catch (error) {
                if (turn !== this.#turn) return;
                // What cannot be read just now is not lost; a join is repeated until it is answered.
                if (error.mayRetry) return this.#host.join(this);
            }
            if (turn !== this.#turn) return;
            // Another epoch says that our offset may be void; the reply to a join tells.
            if (page && page.epoch !== this.#epoch) return this.#host.join(this);
            const publications = page?.publications ?? [];
            const isTaken = (publication) => publication.offset > to || this.#take(publication);
            if (!publications.every(isTaken)) return;
            if (this.#offset === before) this.#pass(to);
        }
        this.#phase = "live";
        const held = this.#held;
        this.#held = [];
        for (const work of held) this.#inTurn(work);
    }

    /** Gives up everything up to `offset`. */
    #pass(offset) {
        this.#gap(this.#offset + 1, offset);
        this.#offset = offset;
    }
}
