import { DraftStore } from "./draft-store.js";
import { Tabs } from "./tabs.js";

/** @typedef {import("./draft-list.js").Draft} Draft
 * @typedef {import("./draft-store.js").KeptDraft} KeptDraft */

/** The kept drafts of one user, which several pages of a browser share. Failed ones are shown by all of them;
 * one that is to be sent belongs to the page it was written on, and to another one only after that is gone. */
export class SharedDrafts {
    #store;
    #tabs;

    /** @param {import("./environment.js").Environment} environment
     * @param {string} prefix of all keys */
    constructor(environment, prefix) {
        this.#tabs = new Tabs(environment, prefix);
        this.#store = new DraftStore(environment.storage, prefix, this.#tabs.id);
    }

    /** Keeps a draft, or what has become of it.
     * @param {Draft} draft */
    keep(draft) {
        if (!draft.isEphemeral && draft.user !== undefined) this.#store.keep(draft.user, draft);
    }

    /** @param {Draft} draft */
    forget({ user, room, clientId }) {
        if (user !== undefined) this.#store.forget(user, room, clientId);
    }

    /** The user does not want it any more, on no page.
     * @param {Draft} draft */
    discard({ user, room, clientId }) {
        if (user !== undefined) this.#store.discard(user, room, clientId);
    }

    /** What another page did to a draft of that user.
     * @param {string | undefined} user
     * @param {string | null} key
     * @param {string | null} text */
    change(user, key, text) {
        return user === undefined ? undefined : this.#store.change(user, key, text);
    }

    /** Offers what is kept of that user's: at once what is failed, ours, or at first nobody's; the rest when
     * its page is gone.
     * @param {string} user
     * @param {number} oldest by the wall clock
     * @param {boolean} isFirst
     * @param {(kept: KeptDraft) => void} offer takes those it does not know */
    look(user, oldest, isFirst, offer) {
        const load = () => this.#store.load(user, oldest);
        const tabs = new Set();
        for (const kept of load()) {
            const { tab = "", error } = kept;
            if (error || tab === this.#tabs.id || (isFirst && tab === "")) offer(kept);
            else tabs.add(tab);
        }
        const take = (name) => load().filter(({ tab = "" }) => tab === name).forEach(offer);
        for (const tab of tabs) this.#tabs.whenGone(tab, () => take(tab));
    }

    /** This page sends nothing any more: what it keeps is for the others. */
    close() {
        this.#tabs.close();
    }
}
