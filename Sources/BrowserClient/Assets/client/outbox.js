import { DraftList, describe } from "./draft-list.js";
import { byteCount } from "./envelope.js";
import { defer } from "./defer.js";
import { ownError } from "./errors.js";

/** How many drafts are under way at most, each in another room. */
const underWayLimit = 32;
/** After these the client id is spent: it may be another message's, or may be stored without our knowing.
 * Only `retry` gives a new one. @type {Set<string | undefined>} */
const spent = new Set(["expired", "clientIdReused", "userChanged"]);

/** @typedef {import("./draft-list.js").Draft} Draft */

/** @typedef {object} OutboxHost
 * @property {(draft: Draft) => Promise<any>} send rejects with `disconnected` where the outcome is unknown
 * @property {(event: object) => void} changed */

/** Drafts on their way. A room's drafts go one at a time: only so can none overtake another that the archive
 * has not settled. A draft is sent again, under the same client id, until it is stored or finally refused;
 * a refused one stays until the user sends it again or discards it, and holds up nobody. */
export class Outbox {
    #environment;
    #store;
    #tabs;
    #host;
    #list = new DraftList();
    /** @type {string | undefined} */
    #user;
    #isOpen = false;
    #isStopped = false;
    #underWay = 0;
    #lastAt = 0;
    #limits = { bodyBytes: 32_768, retryWindowMs: 259_200_000 };

    /** @param {import("./environment.js").Environment} environment
     * @param {import("./draft-store.js").DraftStore} store
     * @param {import("./tabs.js").Tabs} tabs
     * @param {OutboxHost} host */
    constructor(environment, store, tabs, host) {
        this.#environment = environment;
        this.#store = store;
        this.#tabs = tabs;
        this.#host = host;
    }

    /** The drafts of a room that are not settled, oldest first.
     * @param {string} room */
    drafts(room) {
        return this.#list.all.filter((draft) => draft.room === room).map(describe);
    }

    /** @param {string} room
     * @param {string} clientId
     * @param {string} body JSON text
     * @param {boolean} isEphemeral
     * @returns {Promise<any>} */
    async add(room, clientId, body, isEphemeral) {
        const known = this.#list.find(room, clientId);
        if (known?.body === body && spent.has(known.error?.name)) throw known.error;
        if (known?.body === body) return this.retry(room, clientId);
        if (known) throw ownError("clientIdReused", "This clientId is under way with another body.");
        if (isEphemeral && !this.#isOpen) throw ownError("disconnected", "Nothing is kept for this room.");
        if (!this.#list.hasRoom(body)) {
            throw this.#tooLarge(body) ?? ownError("tooManyOutstanding", "Too many messages wait.");
        }
        return this.#begin({ room, clientId, body, isEphemeral });
    }

    /** Sends a failed draft again.
     * @param {string} room
     * @param {string} clientId
     * @returns {Promise<any>} */
    async retry(room, clientId) {
        const draft = this.#list.find(room, clientId);
        if (!draft) throw ownError("notFound", "There is no such message to be sent.");
        // Who asks wants the answer: it is sent by us too, even if another page does it meanwhile.
        draft.isOurs = true;
        if (draft.state !== "failed") return draft.promise;
        const { body, isEphemeral, error } = draft;
        if (isEphemeral && !this.#isOpen) throw ownError("disconnected", "Nothing is kept for this room.");
        this.#list.remove(draft);
        if (!spent.has(error?.name)) return this.#begin({ room, clientId, body, isEphemeral });
        const fresh = this.#environment.randomId();
        this.#store.forget(draft);
        this.#host.changed({ ...describe(draft), state: "discarded", replacedBy: fresh });
        return this.#begin({ room, clientId: fresh, body, isEphemeral }, { replaces: clientId });
    }

    /** Gives a draft up, unless it is under way; answers whether it did.
     * @param {string} room
     * @param {string} clientId */
    discard(room, clientId) {
        const draft = this.#list.find(room, clientId);
        if (!draft || draft.state === "sending" || this.#isStopped) return false;
        this.#store.discard(draft);
        this.#discard(draft);
        this.#flush();
        return true;
    }

    /** Who we are, or will be: that user's kept drafts come back.
     * @param {string} user */
    identify(user) {
        if (user === this.#user) return;
        this.#user = user;
        for (const draft of this.#list.all) {
            if (draft.user === undefined) {
                draft.user = user;
                this.#store.keep(draft);
            } else if (draft.user !== user && draft.state !== "failed") {
                // Under another name its retry would not be recognised; it stays kept for whose it is.
                this.#fail(draft, ownError("userChanged", `This was written by ${draft.user}.`));
            } else if (draft.user === user && draft.error?.name === "userChanged") {
                this.#list.remove(draft);
                this.#adopt({ ...draft, error: undefined });
            }
        }
        this.#look(true);
    }

    /** The connection is there, and the server says who we are.
     * @param {string} user
     * @param {{bodyBytes?: number, retryWindowMs?: number}} limits */
    open(user, limits) {
        this.#limits = { ...this.#limits, ...limits };
        if (user === this.#user) this.#look(false);
        else this.identify(user);
        this.#isOpen = true;
        this.#flush();
    }

    lost() {
        this.#isOpen = false;
    }

    /** Nothing will be sent any more; what is kept stays kept, for another client.
     * @param {Error} error */
    stop(error) {
        if (this.#isStopped) return;
        this.#isOpen = false;
        this.#isStopped = true;
        for (const draft of this.#list.open) {
            if (draft.isEphemeral) {
                this.#fail(draft, error);
            } else if (draft.state === "sending") {
                draft.state = "waiting";
                this.#host.changed(describe(draft));
            }
            draft.reject(error);
        }
        this.#tabs.close();
    }

    /** Another page of this browser changed what is kept.
     * @param {string | null} key
     * @param {string | null} text */
    stored(key, text) {
        const { kept, isDiscarded } = this.#store.change(text);
        const draft = this.#list.all.find((draft) => this.#store.key(draft) === key);
        if (draft?.state === "sending") return;
        if (draft && isDiscarded) {
            this.#discard(draft);
        } else if (draft?.state === "failed" && !kept?.error) {
            this.#drop(draft, "discarded");
        } else if (draft && !draft.isOurs && !kept) {
            this.#drop(draft, "sent");
        } else if (draft && !draft.isOurs && kept?.error) {
            this.#fail(draft, kept.error);
        }
        if (kept) this.#look(false);
    }

    /** A draft begins its way, the first or another time. */
    #begin(facts, more = {}) {
        this.#lastAt = Math.max(this.#environment.now(), this.#lastAt + 1);
        const draft = this.#insert({ ...facts, at: this.#lastAt, user: this.#user, isOurs: true });
        this.#store.keep(draft);
        this.#host.changed({ ...describe(draft), ...more });
        this.#flush();
        return draft.promise;
    }

    /** Looks for what this and other pages keep. */
    #look(isFirst) {
        if (this.#user === undefined) return;
        const oldest = this.#environment.now() - this.#limits.retryWindowMs;
        this.#store.look(this.#user, oldest, isFirst, (kept) => {
            if (!this.#isStopped && !this.#list.find(kept.room, kept.clientId)) this.#adopt(kept);
        });
    }

    /** @param {Omit<import("./draft-store.js").KeptDraft, "tab">} kept */
    #adopt({ room, clientId, body, at, error }) {
        const kept = { room, clientId, body, at, error, user: this.#user, isEphemeral: false, isOurs: false };
        const draft = this.#insert({ ...kept, state: error ? "failed" : "waiting" });
        // Nobody of this page waits for it.
        draft.promise.catch(() => {});
        if (!error) this.#store.keep(draft);
        this.#host.changed(describe(draft));
        this.#flush();
    }

    #insert(facts) {
        const draft = { state: "waiting", ...facts };
        this.#lastAt = Math.max(this.#lastAt, draft.at);
        defer(draft);
        this.#list.add(draft);
        return draft;
    }

    #flush() {
        for (const draft of this.#list.due) {
            if (!this.#isOpen || this.#underWay >= underWayLimit) return;
            if (draft.state === "waiting") this.#send(draft);
        }
    }

    async #send(draft) {
        const refusal = this.#refusal(draft);
        if (refusal) {
            this.#fail(draft, refusal);
            return this.#flush();
        }
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
        if (draft.state === "sending") this.#settle(draft, answer, error);
        this.#flush();
    }

    #settle(draft, answer, error) {
        if (!error) {
            this.#store.forget(draft);
            this.#drop(draft, "sent", { answer });
            draft.resolve({ clientId: draft.clientId, ...answer });
        } else if (error.name === "disconnected" && !draft.isEphemeral) {
            draft.state = "waiting";
            this.#host.changed(describe(draft));
        } else if (error.mayRetry) {
            this.#pause(draft, error.retryAfterMs ?? 1000);
        } else {
            this.#fail(draft, error);
        }
    }

    /** What need not be asked of the server, or must not. */
    #refusal(draft) {
        if (this.#environment.now() - draft.at > this.#limits.retryWindowMs) {
            const sentence = "Too old to be sent by itself: a repeat may not be recognised.";
            return ownError("expired", sentence);
        }
        return this.#tooLarge(draft.body);
    }

    #tooLarge(body) {
        const { bodyBytes } = this.#limits;
        if (byteCount(body) <= bodyBytes) return undefined;
        return ownError("tooLarge", `A message has at most ${bodyBytes} bytes.`);
    }

    /** The server asks for patience; who waits for the same archive does not come back at the same moment. */
    #pause(draft, retryAfterMs) {
        this.#environment.setTimeout(() => {
            if (draft.state !== "sending") return;
            draft.state = "waiting";
            this.#flush();
        }, Math.round(retryAfterMs * (1 + this.#environment.random())));
    }

    /** It stays, for the user to decide. */
    #fail(draft, error) {
        draft.state = "failed";
        draft.error = error;
        if (error.name !== "userChanged") this.#store.keep(draft);
        this.#host.changed(describe(draft));
        draft.reject(error);
        for (const excess of this.#list.excess) {
            this.#store.forget(excess);
            this.#drop(excess, "discarded");
        }
    }

    #discard(draft) {
        this.#drop(draft, "discarded");
        draft.reject(ownError("discarded", "This message was discarded."));
    }

    #drop(draft, state, more = {}) {
        this.#list.remove(draft);
        this.#host.changed({ ...describe(draft), state, ...more });
    }
}
