import { byteCount } from "./envelope.js";
import { ParleyError } from "./errors.js";

/** How many drafts, and characters of bodies, wait at most. */
const countLimit = 500;
const characterLimit = 2_097_152;
/** How many drafts are under way at most, each in another room. */
const underWayLimit = 32;

/**
 * One message until the server has settled it.
 * @typedef {object} Draft
 * @property {string} room
 * @property {string} clientId
 * @property {string} body JSON text
 * @property {number} at when it was written, by the wall clock
 * @property {string | undefined} user whose it is; unknown before the first connection
 * @property {"waiting" | "sending"} state
 * @property {boolean} isEphemeral never sent twice, never kept
 * @property {(answer: any) => void} resolve
 * @property {(error: ParleyError) => void} reject
 * @property {Promise<any>} promise
 */

/**
 * @typedef {object} OutboxHost
 * @property {(draft: Draft) => Promise<any>} send rejects with `disconnected` where the outcome is unknown
 * @property {(event: object) => void} changed
 */

/** Drafts on their way. A room's drafts go one at a time: only so can none overtake another that the archive
 * has not settled. A draft is sent again, under the same client id, until it is stored or finally refused. */
export class Outbox {
    #environment;
    #store;
    #host;
    /** @type {Map<string, Draft[]>} */
    #rooms = new Map();
    /** @type {string | undefined} */
    #user;
    #isOpen = false;
    #underWay = 0;
    #count = 0;
    #characters = 0;
    #lastAt = 0;
    #limits = { bodyBytes: 32_768, retryWindowMs: 259_200_000 };

    /** @param {import("./environment.js").Environment} environment
     * @param {import("./draft-store.js").DraftStore} store
     * @param {OutboxHost} host */
    constructor(environment, store, host) {
        this.#environment = environment;
        this.#store = store;
        this.#host = host;
    }

    /** The drafts of a room that are not settled, oldest first.
     * @param {string} room */
    drafts(room) {
        return (this.#rooms.get(room) ?? []).map(describe);
    }

    /** @param {string} room
     * @param {string} clientId
     * @param {string} body JSON text
     * @param {boolean} isEphemeral
     * @returns {Promise<any>} */
    add(room, clientId, body, isEphemeral) {
        const known = this.#rooms.get(room)?.find((draft) => draft.clientId === clientId);
        if (known?.body === body) return known.promise;
        if (known) return reject("clientIdReused", "This clientId is under way with another body.");
        if (isEphemeral && !this.#isOpen) return reject("disconnected", "Nothing is kept for this room.");
        if (this.#count >= countLimit || this.#characters + body.length > characterLimit) {
            return reject("tooManyOutstanding", "Too many messages wait to be sent.");
        }
        this.#lastAt = Math.max(this.#environment.now(), this.#lastAt + 1);
        const draft = this.#insert({ room, clientId, body, at: this.#lastAt, user: this.#user, isEphemeral });
        if (!isEphemeral && this.#user !== undefined) this.#store.keep(this.#user, draft);
        this.#host.changed(describe(draft));
        this.#flush();
        return draft.promise;
    }

    /** Who we are, or will be: that user's kept drafts come back.
     * @param {string} user */
    identify(user) {
        if (user === this.#user) return;
        this.#user = user;
        const oldest = this.#environment.now() - this.#limits.retryWindowMs;
        for (const draft of [...this.#rooms.values()].flat()) {
            if (draft.user === undefined) {
                draft.user = user;
                if (!draft.isEphemeral) this.#store.keep(user, draft);
            } else if (draft.user !== user) {
                // Under another name its retry would not be recognised; it stays kept for whose it is.
                this.#remove(draft);
                this.#fail(draft, ParleyError.local("userChanged", `This was written by ${draft.user}.`));
            }
        }
        for (const kept of this.#store.load(user, oldest)) {
            if (this.#rooms.get(kept.room)?.some((draft) => draft.clientId === kept.clientId)) continue;
            const draft = this.#insert({ ...kept, user, isEphemeral: false });
            draft.promise.catch(() => {});  // Nobody of this page waits for it.
            this.#host.changed(describe(draft));
        }
    }

    /** The connection is there, and the server says who we are.
     * @param {string} user
     * @param {{bodyBytes: number, retryWindowMs: number}} limits */
    open(user, limits) {
        this.#limits = { ...this.#limits, ...limits };
        this.identify(user);
        this.#isOpen = true;
        this.#flush();
    }

    /** The connection is gone. */
    lost() {
        this.#isOpen = false;
    }

    /** Nothing will be sent any more in this page's life; what is kept stays kept.
     * @param {ParleyError} error */
    stop(error) {
        this.#isOpen = false;
        for (const draft of [...this.#rooms.values()].flat()) {
            this.#remove(draft);
            draft.reject(error);
        }
    }

    #insert(facts) {
        const draft = { ...facts, state: "waiting" };
        draft.promise = new Promise((resolve, reject) => Object.assign(draft, { resolve, reject }));
        const drafts = this.#rooms.get(draft.room) ?? [];
        drafts.push(draft);
        this.#rooms.set(draft.room, drafts.sort((left, right) => left.at - right.at));
        this.#count += 1;
        this.#characters += draft.body.length;
        return draft;
    }

    #flush() {
        for (const [first] of [...this.#rooms.values()]) {
            if (!this.#isOpen || this.#underWay >= underWayLimit) return;
            if (first?.state === "waiting") this.#send(first);
        }
    }

    async #send(draft) {
        const refusal = this.#refusal(draft);
        if (refusal) return this.#settle(draft, () => this.#fail(draft, refusal));
        draft.state = "sending";
        this.#underWay += 1;
        this.#host.changed(describe(draft));
        let answer;
        let error;
        try {
            answer = await this.#host.send(draft);
        } catch (caught) {
            error = caught;
        }
        this.#underWay -= 1;
        if (!this.#rooms.get(draft.room)?.includes(draft)) return this.#flush();
        if (!error) {
            this.#settle(draft, () => {
                this.#host.changed({ ...describe(draft), state: "sent", answer });
                draft.resolve(answer);
            });
        } else if (error.name === "disconnected" && !draft.isEphemeral) {
            draft.state = "waiting";
            this.#host.changed(describe(draft));
            this.#flush();
        } else if (error.mayRetry) {
            this.#pause(draft, error.retryAfterMs ?? 1000);
        } else {
            this.#settle(draft, () => this.#fail(draft, error));
        }
    }

    /** What need not be asked of the server, or must not. */
    #refusal(draft) {
        if (this.#environment.now() - draft.at > this.#limits.retryWindowMs) {
            const sentence = "Too old to be sent by itself: a repeat may not be recognised.";
            return ParleyError.local("expired", sentence);
        }
        if (byteCount(draft.body) > this.#limits.bodyBytes) {
            return ParleyError.local("tooLarge", `A message has at most ${this.#limits.bodyBytes} bytes.`);
        }
        return undefined;
    }

    /** The server asks for patience; who waits for the same archive does not come back at the same moment. */
    #pause(draft, retryAfterMs) {
        this.#flush();
        this.#environment.setTimeout(() => {
            if (!this.#rooms.get(draft.room)?.includes(draft)) return;
            draft.state = "waiting";
            this.#flush();
        }, Math.round(retryAfterMs * (1 + this.#environment.random())));
    }

    #settle(draft, tell) {
        this.#remove(draft);
        if (draft.user !== undefined) this.#store.forget(draft.user, draft.clientId);
        tell();
        this.#flush();
    }

    #remove(draft) {
        const left = (this.#rooms.get(draft.room) ?? []).filter((other) => other !== draft);
        if (left.length > 0) this.#rooms.set(draft.room, left);
        else this.#rooms.delete(draft.room);
        this.#count -= 1;
        this.#characters -= draft.body.length;
    }

    #fail(draft, error) {
        this.#host.changed({ ...describe(draft), state: "failed", error });
        draft.reject(error);
    }
}

/** What this library refuses before it is a draft. */
function reject(name, message) {
    return Promise.reject(ParleyError.local(name, message));
}

/** A draft as the page sees it. */
function describe({ room, clientId, body, at, state }) {
    return { room, clientId, body: JSON.parse(body), at, state };
}
