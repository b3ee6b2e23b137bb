import { allowed } from "./environment.js";

/** The storage of a browser, as far as it is there, allowed and not full: what cannot be kept is not. */
export class Shelf {
    #storage;

    /** @param {Storage | undefined} storage */
    constructor(storage) {
        this.#storage = storage;
    }

    /** @param {string} prefix
     * @returns {string[]} */
    keys(prefix) {
        const storage = this.#storage;
        const all = () => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
        return (allowed(all) ?? []).filter((key) => key.startsWith(prefix));
    }

    /** @param {string} key */
    read(key) {
        return allowed(() => this.#storage?.getItem(key)) ?? "";
    }

    /** @param {string} key
     * @param {string} [text] without it nothing is kept any more */
    write(key, text) {
        const storage = this.#storage;
        allowed(() => text === undefined ? storage?.removeItem(key) : storage?.setItem(key, text));
    }
}
