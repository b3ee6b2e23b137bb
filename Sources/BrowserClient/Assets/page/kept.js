/** The browser's storages, where a page may use them: a setting or a full disk can forbid it at any time.
 * What cannot be kept lasts for this visit. */
export class Kept {
    #storage;
    /** What the storage did not take. @type {Map<string, string | undefined>} */
    #visit = new Map();

    /** @param {Storage | undefined} storage */
    constructor(storage) {
        this.#storage = storage;
    }

    /** @param {string} key
     * @returns {string | undefined} */
    read(key) {
        if (this.#visit.has(key)) return this.#visit.get(key);
        try {
            return this.#storage?.getItem(key) ?? undefined;
        } catch {
            return undefined;
        }
    }

    /** @param {string} key
     * @param {string | undefined} value nothing takes the key away */
    write(key, value) {
        try {
            if (!this.#storage) throw new Error("no storage");
            if (value === undefined) this.#storage.removeItem(key);
            else this.#storage.setItem(key, value);
            this.#visit.delete(key);
        } catch {
            this.#visit.set(key, value);
        }
    }
}

/** A storage, or nothing: even to look at one may be forbidden.
 * @param {"localStorage" | "sessionStorage"} name
 * @returns {Storage | undefined} */
export function storageNamed(name) {
    try {
        return globalThis[name];
    } catch {
        return undefined;
    }
}
