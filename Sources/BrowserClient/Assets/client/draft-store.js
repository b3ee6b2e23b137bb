import { ParleyError } from "./errors.js";

/**
 * @typedef {{room: string, clientId: string, body: string, at: number, tab?: string,
 *     error?: ParleyError}} KeptDraft `body` is JSON text; `tab` the page that will send it
 */

/** What stands for a moment where a draft was that the user does not want any more: other pages that hold it
 * must not take it for one that was sent. */
const discardedMark = "discarded";

/** Keeps drafts over a reload, each under its own key: two pages that share the storage never overwrite each
 * other's. Bounded; what does not fit lives in memory only. */
export class DraftStore {
    #storage;
    #prefix;
    #tab;
    #limits;

    /** @param {Storage | undefined} storage
     * @param {string} prefix
     * @param {string | undefined} tab this page's name
     * @param {{count: number, characters: number}} limits of all drafts kept, whoever's they are */
    constructor(storage, prefix, tab, limits = { count: 200, characters: 262_144 }) {
        this.#storage = storage;
        this.#prefix = `${prefix}draft:`;
        this.#tab = tab;
        this.#limits = limits;
    }

    /** Keeps a draft, or what has become of it, if there is room.
     * @param {string} user
     * @param {Omit<KeptDraft, "tab">} draft */
    keep(user, { room, clientId, body, at, error }) {
        const key = this.#key(user, room, clientId);
        const why = error && { code: error.code, name: error.name, message: error.message };
        const text = JSON.stringify({ body, at, tab: this.#tab, error: why });
        const others = this.#keys().filter((other) => other !== key);
        const characters = others.reduce((sum, other) => sum + (this.#read(other)?.length ?? 0), text.length);
        if (others.length < this.#limits.count && characters <= this.#limits.characters) this.#write(key, text);
    }

    /** @param {string} user
     * @param {string} room
     * @param {string} clientId */
    forget(user, room, clientId) {
        this.#write(this.#key(user, room, clientId), undefined);
    }

    /** Forgets it, and tells the other pages that it is not to be sent.
     * @param {string} user
     * @param {string} room
     * @param {string} clientId */
    discard(user, room, clientId) {
        const key = this.#key(user, room, clientId);
        if (this.#read(key) !== undefined) this.#write(key, discardedMark);
        this.#write(key, undefined);
    }

    /** That user's drafts, oldest first. What others left here before `oldest` is thrown away.
     * @param {string} user
     * @param {number} oldest by the wall clock
     * @returns {KeptDraft[]} */
    load(user, oldest) {
        const drafts = [];
        for (const key of this.#keys()) {
            const kept = parseKept(this.#read(key));
            const name = this.#name(user, key);
            if (kept && name) drafts.push({ ...kept, ...name });
            else if (!kept || kept.at < oldest) this.#write(key, undefined);
        }
        return drafts.sort((left, right) => left.at - right.at);
    }

    /** What another page wrote, if it is about a draft of that user.
     * @param {string} user
     * @param {string | null} key
     * @param {string | null} text
     * @returns {{room: string, clientId: string, kept?: KeptDraft, isDiscarded: boolean} | undefined} */
    change(user, key, text) {
        const name = this.#name(user, key ?? "");
        const kept = parseKept(text);
        return name && { ...name, kept: kept && { ...kept, ...name }, isDiscarded: text === discardedMark };
    }

    #key(user, room, clientId) {
        return `${this.#prefix}${encodeURIComponent(user)}:${encodeURIComponent(room)}:${clientId}`;
    }

    /** The draft's names in a key of that user. */
    #name(user, key) {
        const prefix = `${this.#prefix}${encodeURIComponent(user)}:`;
        const [room, ...clientId] = key.startsWith(prefix) ? key.slice(prefix.length).split(":") : [];
        try {
            return clientId.length > 0
                ? { room: decodeURIComponent(room), clientId: clientId.join(":") } : undefined;
        } catch {
            return undefined;
        }
    }

    #keys() {
        try {
            const count = this.#storage?.length ?? 0;
            const keys = Array.from({ length: count }, (_, index) => this.#storage?.key(index) ?? "");
            return keys.filter((key) => key.startsWith(this.#prefix));
        } catch {
            return [];
        }
    }

    #read(key) {
        try {
            return this.#storage?.getItem(key) ?? undefined;
        } catch {
            return undefined;
        }
    }

    #write(key, text) {
        try {
            if (text === undefined) this.#storage?.removeItem(key);
            else this.#storage?.setItem(key, text);
        } catch {
            // Full by the browser's own limit, or forbidden: nothing is kept.
        }
    }
}

/** Whatever else wrote there must not stop us.
 * @param {string | null | undefined} text
 * @returns {{body: string, at: number, tab?: string, error?: ParleyError} | undefined} */
function parseKept(text) {
    try {
        const { body, at, tab, error } = JSON.parse(text ?? "");
        JSON.parse(body);
        return typeof at === "number" ? { body, at, tab, error: error && new ParleyError(error) } : undefined;
    } catch {
        return undefined;
    }
}
