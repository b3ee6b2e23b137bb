/** So long a renewal waits after the one before it, whatever became of that one. */
const pauseMs = 5000;

/** Gets a new token before the old one expires, and goes on under it on the same connection. */
export class TokenRenewal {
    #environment;
    #commands;
    #token;
    #left;
    #timer;
    #lastAt = -Infinity;
    /** Tells the present renewal from those that a lost connection has overtaken. */
    #turn = 0;

    /** @param {import("./environment.js").Environment} environment
     * @param {import("./commands.js").Commands} commands
     * @param {() => Promise<string | undefined>} token asks for another one
     * @param {(rooms: string[]) => void} left the rooms that the new token does not let us be in */
    constructor(environment, commands, token, left) {
        this.#environment = environment;
        this.#commands = commands;
        this.#token = token;
        this.#left = left;
    }

    /** The server's word that the token ends soon. */
    expiring() {
        this.lost();
        const wait = this.#lastAt + pauseMs - this.#environment.ticks();
        if (wait > 0) this.#renewIn(wait);
        else this.#renew();
    }

    /** The connection is gone: the next one begins with a token of its own. */
    lost() {
        this.#turn += 1;
        this.#environment.clearTimeout(this.#timer);
    }

    async #renew() {
        const turn = this.#turn;
        this.#lastAt = this.#environment.ticks();
        try {
            const token = await this.#token();
            if (turn !== this.#turn) return;
            const answer = await this.#commands.ask("refresh", JSON.stringify({ token }));
            if (turn === this.#turn) this.#left(answer.left ?? []);
        } catch {
            // The old token is in force until the server ends the session.
            if (turn === this.#turn) this.#renewIn(pauseMs);
        }
    }

    #renewIn(ms) {
        this.#timer = this.#environment.setTimeout(() => this.#renew(), ms);
    }
}
