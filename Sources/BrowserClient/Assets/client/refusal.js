/** A sentence for people is not longer, in characters. */
const refusalLimit = 500;

/** Why a server refuses the handshake: a browser hides that from the page, so the same address is asked by
 * plain HTTP, and the server lets every origin read that. It is asked seldom: a crowd would ask a server that
 * has too much to do as well, and each answer that may not be read is an error in the console. */
export class Refusal {
    #url;
    #fetch;
    #failures = 0;
    #wasOpen = false;
    /** What was learnt, for all waits until it is open. @type {string | undefined} */
    reason;

    /** @param {string} url of the WebSocket
     * @param {typeof globalThis.fetch | undefined} fetch */
    constructor(url, fetch) {
        this.#url = url.replace(/^ws/, "http");
        this.#fetch = fetch;
    }

    /** The server knows us: whatever fails from now on has other reasons. */
    opened() {
        this.#wasOpen = true;
        this.reason = undefined;
    }

    /** A try failed before it was open: asks after the first, second, fourth, eighth, … Answers whether the
     * reason is another one now. */
    async ask() {
        const failures = ++this.#failures;
        if (this.#wasOpen || failures & (failures - 1)) return false;
        try {
            const answer = await this.#fetch(this.#url, { credentials: "omit", cache: "no-store" });
            const isPlain = /^text\/plain\b/.test(answer.headers.get("content-type"));
            const text = answer.status >= 400 && isPlain ? (await answer.text()).trim() : "";
            if (!text || text.length > refusalLimit || this.#wasOpen || text === this.reason) return false;
            this.reason = text;
            return true;
        } catch {
            return false;
        }
    }
}
