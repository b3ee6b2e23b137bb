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
        const all = () => Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index) ?? "");
        return (allowed(all) ?? []).filter((key) => key.startsWith(prefix));
    }

    /** @param {string} key */
    read(key) {
        return allowed(() => this.#storage?.getItem(key)) ?? "";
    }

    /** @param {string} key
     * @param {string} [text] without it nothing is kept any more */
    write(key, text) {
        allowed(() => text === undefined ? this.#storage?.removeItem(key) : this.#storage?.setItem(key, text));
    }
}
