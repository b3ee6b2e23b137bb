/** What a server may ask for at most, a day: timers do not count farther than some weeks. */
const longestMs = 86_400_000;
/** How long an answer may take while somebody looks and waits, in milliseconds. */
const patienceWhenLookedAtMs = 5000;

/** Notices a connection that died without saying so. The server asks `{"ping":{}}` after `pingMs` without a
 * byte from us, so when we are idle something is heard at least that often. Browsers slow the timers of
 * hidden pages down, but not what comes by the connection: pings are answered in time, and only the look
 * for silence comes late. */
export class Heartbeat {
    #environment;
    #probe;
    #dead;
    #timer;
    /** Runs while somebody waits for a sign of life. */
    #doubtTimer;
    #pingMs = 25_000;
    #pongMs = 20_000;
    #heardAt = 0;
    /** By the wall clock: the other one stands still on many machines while they sleep. */
    #heardOnWall = 0;
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
        this.#pingMs = Math.min(pingMs, longestMs);
        this.#pongMs = Math.min(pongMs, longestMs);
        this.heard();
        this.#wait(this.#pingMs + this.#pongMs);
    }

    stop() {
        this.#environment.clearTimeout(this.#timer);
        this.#believe();
    }

    heard() {
        this.#heardAt = this.#environment.ticks();
        this.#heardOnWall = this.#environment.now();
        this.#owedAt = Infinity;
        this.#believe();
    }

    /** @param {boolean} isAnswered whether what was sent must be answered */
    sent(isAnswered) {
        this.#sentAt = this.#environment.ticks();
        if (isAnswered) this.#owedAt = Math.min(this.#owedAt, this.#sentAt);
    }

    /** The page is looked at again: a silence that would be fine in the background is asked about now, and
     * after one that the server does not bear either there is nobody left to ask. */
    hasten() {
        const silence = Math.max(this.#silence, this.#environment.now() - this.#heardOnWall);
        if (silence >= this.#pingMs + this.#pongMs) this.#dead();
        else if (silence >= this.#pingMs) this.doubt();
    }

    /** Something speaks against the connection: it has to answer soon. */
    doubt() {
        if (this.#doubtTimer !== undefined) return;
        if (this.#owedAt === Infinity) this.#probe();
        const patience = Math.min(this.#pongMs, patienceWhenLookedAtMs);
        this.#doubtTimer = this.#environment.setTimeout(() => this.#dead(), patience);
    }

    #believe() {
        if (this.#doubtTimer !== undefined) this.#environment.clearTimeout(this.#doubtTimer);
        this.#doubtTimer = undefined;
    }

    get #silence() {
        return this.#environment.ticks() - this.#heardAt;
    }

    #check() {
        const left = this.#pingMs + this.#pongMs - this.#silence;
        if (left > 0) return this.#wait(left);
        // While we send, the server has no reason to ask, and not everything we send is answered.
        if (this.#sentAt > this.#heardAt && this.#environment.ticks() - this.#owedAt < this.#pongMs) {
            return this.#ask();
        }
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
