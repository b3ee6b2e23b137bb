/** @typedef {{room: string, clientId: string, body: string, at: number}} KeptDraft `body` is JSON text */

/** Keeps unsent drafts over a reload, each under its own key: two tabs that share the storage never overwrite
 * each other's. Bounded; what does not fit lives in memory only. */
export class DraftStore {
    #storage;
    #prefix;
    #limits;

    /** @param {Storage | undefined} storage
     * @param {string} prefix
     * @param {{count: number, characters: number}} limits of all drafts kept, whoever's they are */
    constructor(storage, prefix, limits = { count: 200, characters: 262_144 }) {
        this.#storage = storage;
        this.#prefix = `${prefix}draft:`;
        this.#limits = limits;
    }

    /** Keeps a draft; answers whether there was room for it.
     * @param {string} user
     * @param {KeptDraft} draft */
    keep(user, { room, clientId, body, at }) {
        const text = JSON.stringify({ room, body, at });
        const keys = this.#keys(this.#prefix);
        const characters = keys.reduce((sum, key) => sum + (this.#read(key)?.length ?? 0), text.length);
        if (keys.length >= this.#limits.count || characters > this.#limits.characters) return false;
        try {
            this.#storage?.setItem(this.#key(user, clientId), text);
            return this.#storage !== undefined;
        } catch {
            return false;  // The browser's own limit.
        }
    }

    /** @param {string} user
     * @param {string} clientId */
    forget(user, clientId) {
        try {
            this.#storage?.removeItem(this.#key(user, clientId));
        } catch {
            // A storage that cannot be written to kept nothing.
        }
    }

    /** That user's drafts, oldest first. What others left here before `oldest` is thrown away.
     * @param {string} user
     * @param {number} oldest by the wall clock
     * @returns {KeptDraft[]} */
    load(user, oldest) {
        const prefix = this.#key(user, "");
        const drafts = [];
        for (const key of this.#keys(this.#prefix)) {
            const draft = parse(this.#read(key));
            const isOwn = key.startsWith(prefix);
            if (draft && isOwn) drafts.push({ ...draft, clientId: key.slice(prefix.length) });
            else if (!draft || draft.at < oldest) this.#storage?.removeItem(key);
        }
        return drafts.sort((left, right) => left.at - right.at);
    }

    #key(user, clientId) {
        return `${this.#prefix}${encodeURIComponent(user)}:${clientId}`;
    }

    #keys(prefix) {
        try {
            const count = this.#storage?.length ?? 0;
            const keys = Array.from({ length: count }, (_, index) => this.#storage?.key(index) ?? "");
            return keys.filter((key) => key.startsWith(prefix));
        } catch {
            return [];
        }
    }

    #read(key) {
        return this.#storage?.getItem(key) ?? undefined;
    }
}

/** Whatever else wrote there must not stop us. */
function parse(text) {
    try {
        const { room, body, at } = JSON.parse(text);
        JSON.parse(body);
        return typeof room === "string" && typeof at === "number" ? { room, body, at } : undefined;
    } catch {
        return undefined;
    }
}
