/** Listeners by event type. A listener that throws harms no other, and not the caller. */
export class Emitter {
    /** @type {Map<string, Set<(detail: any) => void>>} */
    #listeners = new Map();

    /** Calls `listener` at each event of that type; the answer ends it.
     * @param {string} type
     * @param {(detail: any) => void} listener */
    on(type, listener) {
        if (typeof listener !== "function") {
            throw new TypeError(`on("${type}", listener): a function is missing.`);
        }
        const listeners = this.#listeners.get(type) ?? new Set();
        this.#listeners.set(type, listeners.add(listener));
        return () => this.off(type, listener);
    }

    /** The same for the next event only.
     * @param {string} type
     * @param {(detail: any) => void} listener */
    once(type, listener) {
        const end = this.on(type, (detail) => {
            end();
            listener(detail);
        });
        return end;
    }

    /** @param {string} type
     * @param {(detail: any) => void} listener */
    off(type, listener) {
        this.#listeners.get(type)?.delete(listener);
    }

    /** @param {string} type
     * @param {any} detail */
    emit(type, detail) {
        for (const listener of [...(this.#listeners.get(type) ?? [])]) {
            try {
                listener(detail);
            } catch (error) {
                console.error(`a listener of "${type}" threw`, error);
            }
        }
    }
}
