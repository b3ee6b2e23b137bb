import { Drafts, draftKey } from "./drafts.js";
import { Stretch } from "./stretch.js";

/** How many publications the window holds, and how many it keeps when the oldest leave: seldom many cost less
 * than often one. */
export const windowLimit = 400;
const windowKept = 300;
/** How many of the newest are remembered. */
export const tailLimit = 200;
/** How many while another room is shown: of one that was shown, and of one that was not for long. */
const [restLimit, strangeLimit] = [60, 10];
const noteLimit = 20;

/** @typedef {import("./stretch.js").Entry} Entry
 * @typedef {import("./stretch.js").Publication} Publication
 * @typedef {import("./drafts.js").Draft} Draft
 * @typedef {"older" | "newer"} Side
 * @typedef {{publications: Publication[], more: boolean, head?: number, epoch?: string}} Page */

/** What is known of one room: its newest publications (the tail), the window that is shown, which may lie
 * anywhere, our drafts behind them, and notes. Every offset once and in order, whatever comes in which order.
 * Knows neither the clock nor the page. */
export class Timeline {
    /** @type {"stored" | "ephemeral" | undefined} */
    kind;
    /** @type {string | undefined} */
    epoch;
    isJoined = false;
    /** Complete to the live end. @type {Stretch | undefined} */
    tail;
    /** What is shown; nothing while the room is not. @type {Stretch | undefined} */
    window;
    drafts = new Drafts();
    /** @type {{key: string, after: number, sentence: string}[]} */
    notes = [];
    /** The divider stands above the first publication of others beyond this. @type {number | undefined} */
    readUpTo;
    /** Another number says: pages asked for before are void. */
    turn = 0;
    /** Ranges that nobody told us, and that history may have. @type {{from: number, to: number}[]} */
    #untold = [];
    #who;
    /** How many of the newest are remembered. */
    #kept = strangeLimit;
    #notes = 0;
    #arrivals = 0;

    /** @param {string} room
     * @param {{user?: string, name?: string}} who we are, now and later */
    constructor(room, who) {
        this.room = room;
        this.#who = who;
    }

    /** The last position there is. */
    get head() {
        return this.tail?.to ?? 0;
    }

    /** Whether the window reaches to the live end. */
    get isAttached() {
        return this.window !== undefined && this.window.to >= this.head;
    }

    get hasOlder() {
        return this.kind === "stored" && this.window !== undefined && this.window.from > 1;
    }

    /** The first position of others beyond `readUpTo`, as far as the window shows it.
     * @returns {number | undefined} */
    get firstUnread() {
        const { readUpTo, window } = this;
        if (readUpTo === undefined || window === undefined || window.from > readUpTo + 1) return undefined;
        return window.entries.find(({ position, publication }) =>
            position > readUpTo && !this.isOwn(publication))?.position;
    }

    /** @param {{user: string}} publication */
    isOwn({ user }) {
        return user === this.#who.user;
    }

    /** Whether `from … to` was never told to us, but may be read.
     * @param {number} from
     * @param {number} to */
    isUntold(from, to) {
        return this.#untold.some((range) => range.from <= to && range.to >= from);
    }

    /** All up to now was told.
     * @param {{kind: "stored" | "ephemeral", epoch?: string, head?: number}} joined */
    joined({ kind, epoch, head = 0 }) {
        this.kind = kind;
        this.epoch = epoch;
        this.isJoined = true;
        this.tail ??= new Stretch(head + 1);
        if (kind === "ephemeral" || head <= this.tail.to) return;
        const wasAttached = this.isAttached;
        this.tail.to = head;
        if (this.window && wasAttached) this.window.to = head;
    }

    /** A publication beyond all others. `isFollowed`: whoever reads is at the end, and wants the oldest to
     * leave a full window; otherwise the window stays where it is.
     * @param {Publication} publication @param {boolean} isFollowed
     * @returns {Entry | undefined} undefined if it was known */
    publication(publication, isFollowed) {
        if (publication.offset === undefined) return this.#ephemeral(publication);
        this.kind = "stored";
        this.epoch = publication.epoch ?? this.epoch;
        this.tail ??= new Stretch(publication.offset);
        if (publication.offset <= this.tail.to) return undefined;
        return this.#append(publication, publication.offset, isFollowed);
    }

    /** @param {{from?: number, to?: number}} gap */
    gap({ from, to }) {
        if (from === undefined || to === undefined) return this.note("Some messages are missing here.");
        this.#untold = [...this.#untold, { from, to }].slice(-noteLimit);
    }

    /** What stands above `after` is void, and its numbers will be given again.
     * @param {{epoch: string, after: number}} reset */
    reset({ epoch, after }) {
        const isShown = (this.window?.to ?? 0) > after;
        this.turn += 1;
        this.epoch = epoch;
        this.tail?.cut(after);
        this.window?.cut(after);
        this.#untold = this.#untold.filter(({ to }) => to <= after);
        this.notes = this.notes.filter((note) => note.after <= after);
        if (this.readUpTo !== undefined && this.readUpTo > after) this.readUpTo = undefined;
        if (isShown) this.note("The archive was restored: messages that stood here are void.");
    }

    /** How one of our drafts fares; answers whether it is new here.
     * @param {Draft} draft */
    draft(draft) {
        const { clientId, state, answer } = draft;
        const wasKnown = this.drafts.take(clientId) !== undefined;
        if (state === "discarded" || this.#published(clientId)) return false;
        if (state === "sent" && this.kind === "ephemeral") return this.#sentToNobody(draft);
        if (state === "sent" && answer?.offset <= this.head) return false;
        this.drafts.put(draft);
        return !wasKnown;
    }

    /** A sentence between the messages, where the newest ones are now.
     * @param {string} sentence */
    note(sentence) {
        if (this.notes.some((note) => note.sentence === sentence && note.after === this.head)) return;
        this.#notes += 1;
        const note = { key: `note:${this.#notes}`, after: this.head, sentence };
        this.notes = [...this.notes, note].slice(-noteLimit);
    }

    /** Is shown from now on, as soon as it is open. */
    show() {
        this.#kept = tailLimit;
    }

    /** Shows the newest, or what lies behind `place`, which has to be read.
     * @param {number} [place] */
    open(place) {
        this.turn += 1;
        const tail = this.tail ?? new Stretch(1);
        this.window = place === undefined ? tail.copy() : new Stretch(place + 1);
    }

    /** Is shown no longer.
     * @param {boolean} isRemembered its newest publications, for when it is shown again */
    close(isRemembered = true) {
        this.turn += 1;
        this.window = undefined;
        this.readUpTo = undefined;
        this.#kept = isRemembered ? restLimit : strangeLimit;
        this.tail?.dropOldest(this.#limit);
    }

    /** What to ask history for.
     * @param {Side} side
     * @returns {{before?: number, after?: number}} */
    range(side) {
        return side === "older" ? { before: this.window.from } : { after: this.window.to };
    }

    /** Takes what history answered to `range`; answers whether it fits.
     * @param {Side} side
     * @param {Page} page
     * @param {{before?: number, after?: number}} range what it was asked for
     * @param {number} turn when it was asked for */
    merge(side, page, range, turn) {
        const { window } = this;
        if (!window || turn !== this.turn) return false;
        const now = this.range(side);
        if (now.before !== range.before || now.after !== range.after) return false;
        const sorted = page.publications.filter(({ offset }) => offset > 0)
            .sort((left, right) => left.offset - right.offset);
        if (side === "older") this.#mergeOlder(sorted.filter(({ offset }) => offset < window.from), page);
        else this.#mergeNewer(sorted.filter(({ offset }) => offset > window.to), page);
        return true;
    }

    /** Goes on with the tail where the window reaches it; answers whether it did. */
    attach() {
        const { window, tail } = this;
        if (!window || !tail || this.isAttached || tail.from > window.to + 1) return false;
        for (const entry of tail.entries) if (entry.position > window.to) window.append(entry);
        window.to = tail.to;
        window.dropOldest(windowLimit);
        return true;
    }

    /** Ends the window at a hole that was never told to us, so that reading on begins there.
     * @param {number} from the first position that is missing */
    split(from) {
        this.turn += 1;
        this.window.dropNewest(this.window.entries.filter(({ position }) => position < from).length);
        this.window.to = from - 1;
        // The tail has the same hole: what lies before it comes from history.
        this.tail.dropOldest(this.tail.entries.filter(({ position }) => position > from).length);
        this.#untold = this.#untold.filter((range) => range.from > from || range.to < from);
    }

    #mergeOlder(publications, page) {
        const isAll = !page.more || publications.length === 0;
        const from = isAll ? 1 : publications[0].offset;
        this.window.prepend(publications.map((publication) => this.#entry(publication)), from);
        this.window.dropNewest(windowLimit);
    }

    #mergeNewer(publications, page) {
        const { window, tail } = this;
        for (const publication of publications) window.append(this.#entry(publication));
        if (!page.more || publications.length === 0) {
            window.to = Math.max(window.to, page.head ?? tail.from - 1);
        }
        window.dropOldest(windowLimit);
        this.attach();
    }

    /** What is not kept anywhere else is remembered longer. */
    get #limit() {
        return this.kind === "ephemeral" ? tailLimit : this.#kept;
    }

    #ephemeral(publication) {
        this.kind = "ephemeral";
        this.tail ??= new Stretch(1);
        const { clientId } = publication;
        const isOwn = clientId !== undefined && this.isOwn(publication);
        const echoed = isOwn && this.#published(clientId);
        if (echoed) {
            // It was shown when its sending was acknowledged.
            echoed.publication = publication;
            return undefined;
        }
        this.#arrivals += 1;
        return this.#append(publication, this.#arrivals, true);
    }

    /** The acknowledgement may be all that comes of it: it stands where it was sent.
     * @param {Draft} draft */
    #sentToNobody({ room, clientId, body, at, answer }) {
        const { user, name } = this.#who;
        if (this.tail) this.#ephemeral({ room, clientId, body, user, name, time: answer?.time ?? at });
        return false;
    }

    #append(publication, position, isFollowed) {
        const entry = this.#entry(publication, position);
        const wasAttached = this.isAttached;
        // Nothing is shown that a gap could stand behind: reading on goes back from here.
        if (this.tail.length === 0) this.tail.from = position;
        if (wasAttached && this.window.length === 0) this.window.from = position;
        this.tail.append(entry);
        this.tail.dropOldest(this.#limit);
        this.drafts.passed(position);
        if (!wasAttached) return entry;
        const isFull = this.window.length >= windowLimit;
        if (isFull && !isFollowed) return entry;
        this.window.append(entry);
        if (isFull) this.window.dropOldest(windowKept);
        return entry;
    }

    /** A publication of ours takes the place of its draft. */
    #entry(publication, position = publication.offset) {
        const { clientId } = publication;
        const mayBeDraft = clientId !== undefined && this.isOwn(publication);
        const draft = mayBeDraft ? this.drafts.take(clientId) : undefined;
        return { key: draft ? draftKey(clientId) : `at:${position}`, position, publication };
    }

    /** Our publication of that name, if it is one of the newest. */
    #published(clientId) {
        return this.tail?.entries.findLast(({ publication }) =>
            publication.clientId === clientId && this.isOwn(publication));
    }
}
