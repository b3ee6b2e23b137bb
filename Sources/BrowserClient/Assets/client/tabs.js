/** How long a draft that another page keeps may wait, where nobody can tell whether that page still lives. */
const patienceMs = 30_000;

/** Tells when another page of this browser is gone, so that its drafts can be taken over. Each page holds a
 * lock for as long as it lives; the browser gives it to who waits for it, however the page ended. Browsers
 * have locks only for pages that came by TLS or from this machine. */
export class Tabs {
    #environment;
    #prefix;
    #end = new AbortController();
    /** @type {Set<string>} */
    #awaited = new Set();

    /** @param {import("./environment.js").Environment} environment
     * @param {string} prefix */
    constructor(environment, prefix) {
        this.#environment = environment;
        this.#prefix = prefix;
        /** This page's name among the others; empty without locks. */
        this.id = environment.locks ? environment.randomId() : "";
        const { signal } = this.#end;
        const end = new Promise((resolve) => signal.addEventListener("abort", resolve));
        if (this.id !== "") this.#lock(this.id, () => end);
    }

    /** Does something when that page is gone, or has had its time; by then we may have ended ourselves.
     * @param {string} tab
     * @param {() => void} work */
    whenGone(tab, work) {
        if (this.#awaited.has(tab)) return;
        this.#awaited.add(tab);
        const gone = () => {
            this.#awaited.delete(tab);
            work();
        };
        this.#lock(tab, gone);
    }

    /** This page keeps nothing for itself any more. */
    close() {
        this.#end.abort();
    }

    async #lock(tab, work) {
        const { locks, setTimeout } = this.#environment;
        const { signal } = this.#end;
        try {
            if (locks) return await locks.request(`${this.#prefix}tab:${tab}`, { signal }, work);
        } catch {
            // Some browsers refuse it, by what the user has chosen; or we ended first.
        }
        setTimeout(work, patienceMs);
    }
}
