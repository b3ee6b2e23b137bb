/** Notices a connection that died without saying so. The server asks `{"ping":{}}` after `pingMs` without a
 * byte from us, so when we are idle something is heard at least that often. */
export class Heartbeat {
    #environment;
    #probe;
    #dead;
    #timer;
    #pingMs = 25_000;
    #pongMs = 20_000;
    #heardAt = 0;
    #sentAt = 0;
    /** When the oldest command that must be answered was sent, of those since something was heard. */
    #owedAt = Infinity;

    /** @param {import("./environment.js").Environment} environment
     * @param {{probe: () => void, dead: () => void}} actions `probe` sends what must be answered */
    constructor(environment, { probe, dead }) {
        this.#environment = environment;
        this.#probe = probe;
        this.#dead = dead;
    }

    /** @param {number} pingMs
     * @param {number} pongMs */
    start(pingMs, pongMs) {
        this.#pingMs = pingMs;
        this.#pongMs = pongMs;
        this.heard();
        this.#wait(pingMs + pongMs);
    }

    stop() {
        this.#environment.clearTimeout(this.#timer);
    }

    heard() {
        this.#heardAt = this.#environment.ticks();
        this.#owedAt = Infinity;
    }

    /** @param {boolean} isAnswered whether what was sent must be answered */
    sent(isAnswered) {
        this.#sentAt = this.#environment.ticks();
        if (isAnswered) this.#owedAt = Math.min(this.#owedAt, this.#sentAt);
    }

    /** The page is looked at again: a silence that would be fine in the background is asked about now. */
    hasten() {
        const isAsked = this.#owedAt !== Infinity;
        if (!isAsked && this.#environment.ticks() - this.#heardAt >= this.#pingMs) this.#ask();
    }

    #check() {
        const left = this.#pingMs + this.#pongMs - (this.#environment.ticks() - this.#heardAt);
        if (left > 0) return this.#wait(left);
        // While we send, the server has no reason to ask, and not everything we send is answered.
        const isOwed = this.#environment.ticks() - this.#owedAt >= this.#pongMs;
        if (this.#sentAt > this.#heardAt && !isOwed) return this.#ask();
        this.#dead();
    }

    #ask() {
        this.#wait(this.#pongMs);
        this.#probe();
    }

    #wait(ms) {
        this.#environment.clearTimeout(this.#timer);
        this.#timer = this.#environment.setTimeout(() => this.#check(), ms);
    }
}
