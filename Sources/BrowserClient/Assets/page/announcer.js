/** How long messages are gathered before they are read out, and how many are read one by one. */
const gatherMs = 800;
const readOut = 3;
const longestText = 300;

/** Tells a screen reader what others say in the open room. A burst becomes a number: nobody listens to forty
 * messages. */
export class Announcer {
    #region;
    #environment;
    /** @type {string[]} */
    #waiting = [];
    #count = 0;
    #isDue = false;

    /** @param {{textContent: string | null}} region a polite live region
     * @param {{setTimeout: (work: () => void, ms: number) => any}} [environment] */
    constructor(region, environment = { setTimeout: (work, ms) => setTimeout(work, ms) }) {
        this.#region = region;
        this.#environment = environment;
    }

    /** @param {string} who
     * @param {string} text */
    said(who, text) {
        this.#count += 1;
        const short = text.length > longestText ? `${text.slice(0, longestText)} …` : text;
        if (this.#waiting.length <= readOut) this.#waiting.push(`${who}: ${short}`);
        if (this.#isDue) return;
        this.#isDue = true;
        // The same words again would be no news to a live region.
        this.#region.textContent = "";
        this.#environment.setTimeout(() => this.#speak(), gatherMs);
    }

    /** Another room is shown: what waits is not of it. */
    clear() {
        this.#waiting = [];
        this.#count = 0;
        this.#region.textContent = "";
    }

    #speak() {
        const waiting = this.#waiting;
        const count = this.#count;
        this.#waiting = [];
        this.#count = 0;
        this.#isDue = false;
        if (count === 0) return;
        this.#region.textContent = count > readOut ? `${count} new messages` : waiting.join("\n");
    }
}

/** What a screen reader says of a message.
 * @param {any} body
 * @returns {string} */
export function wordsOf(body) {
    const text = typeof body === "string" ? body : body?.text;
    return typeof text === "string" ? text : "something that is no text";
}
