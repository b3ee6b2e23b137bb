import { ParleyError } from "./errors.js";

/** @typedef {import("./draft-list.js").Draft} Draft */
/**
 * @typedef {{room: string, clientId: string, body: string, at: number, tab: string,
 *     error?: ParleyError}} KeptDraft `body` is JSON text; `tab` the page that will send it
 */

/** How many drafts are kept, and how many characters they have, whoever's they are. */
const keptLimit = 200;
const keptCharacterLimit = 262_144;
/** What stands for a moment where a draft was that the user does not want any more: other pages that hold it
 * must not take it for one that was sent. */
const discardedMark = "discarded";

/** Keeps drafts over a reload, each under its own key: two pages that share the storage never overwrite each
 * other's. Failed ones are shown by all pages of the user; one that is to be sent belongs to the page it was
 * written on, and to another one only after that is gone. Bounded; what does not fit lives in memory only. */
export class DraftStore {
    #shelf;
    #prefix;
    #tabs;

    /** @param {import("./shelf.js").Shelf} shelf
     * @param {string} prefix
     * @param {import("./tabs.js").Tabs} tabs */
    constructor(shelf, prefix, tabs) {
        this.#shelf = shelf;
        this.#prefix = `${prefix}draft:`;
        this.#tabs = tabs;
    }

    /** Keeps a draft, or what has become of it, if there is room.
     * @param {Draft} draft */
    keep(draft) {
        const { room, clientId, body, at, error, isEphemeral, user } = draft;
        if (isEphemeral || user === undefined) return;
        const key = this.key(draft);
        const why = error && { code: error.code, name: error.name, message: error.message };
        const text = JSON.stringify({ room, clientId, body, at, tab: this.#tabs.id, error: why });
        const others = this.#shelf.keys(this.#prefix).filter((other) => other !== key);
        const characters = others.reduce((sum, other) => sum + this.#shelf.read(other).length, text.length);
        if (others.length < keptLimit && characters <= keptCharacterLimit) this.#shelf.write(key, text);
    }

    /** @param {Draft} draft */
    forget(draft) {
        this.#shelf.write(this.key(draft));
    }

    /** Forgets it, and tells the other pages that it is not to be sent.
     * @param {Draft} draft */
    discard(draft) {
        const key = this.key(draft);
        if (this.#shelf.read(key) !== "") this.#shelf.write(key, discardedMark);
        this.#shelf.write(key);
    }

    /** Offers what is kept of that user's, oldest first: at once what is failed, ours, or at first nobody's;
     * the rest when its page is gone. What others left here before `oldest` is thrown away.
     * @param {string} user
     * @param {number} oldest by the wall clock
     * @param {boolean} isFirst
     * @param {(kept: KeptDraft) => void} offer takes those it does not know */
    look(user, oldest, isFirst, offer) {
        const take = (name) => this.#load(user, oldest).filter(({ tab }) => tab === name).forEach(offer);
        for (const kept of this.#load(user, oldest)) {
            const { tab, error } = kept;
            if (error || (tab === "" ? isFirst : tab === this.#tabs.id)) offer(kept);
            else this.#tabs.whenGone(tab, () => take(tab));
        }
    }

    /** Where a draft is kept.
     * @param {{user: string | undefined, room: string, clientId: string}} draft */
    key({ user, room, clientId }) {
        return this.#prefix + [user ?? "", room, clientId].map(encodeURIComponent).join(":");
    }

    /** What another page wrote.
     * @param {string | null} text
     * @returns {{kept?: KeptDraft, isDiscarded: boolean}} */
    change(text) {
        return { kept: parseKept(text), isDiscarded: text === discardedMark };
    }

    #load(user, oldest) {
        const drafts = [];
        for (const key of this.#shelf.keys(this.#prefix)) {
            const kept = parseKept(this.#shelf.read(key));
            if (kept && key === this.key({ user, ...kept })) drafts.push(kept);
            else if (!kept || kept.at < oldest) this.#shelf.write(key);
        }
        return drafts.sort((left, right) => left.at - right.at);
    }
}

/** Whatever else wrote there must not stop us.
 * @param {string | null} text
 * @returns {KeptDraft | undefined} */
function parseKept(text) {
    try {
        const { room, clientId, body, at, tab = "", error } = JSON.parse(text ?? "");
        JSON.parse(body);
        const isDraft = typeof room === "string" && typeof clientId === "string" && typeof at === "number";
        if (isDraft) return { room, clientId, body, at, tab, error: error && new ParleyError(error) };
    } catch {
        // No draft of ours, then.
    }
    return undefined;
}
