// One browser with several tabs: they share storage and locks, and tell each other of what they store.
import { MemoryStorage } from "./world.mjs";

export class Browser {
    #items = new MemoryStorage();
    /** Who holds each lock and who waits for it, in order. @type {Map<string, object[]>} */
    #locks = new Map();
    /** @type {Tab[]} */
    tabs = [];

    /** @param {{hasLocks?: boolean}} options locks are only for pages that came by TLS or from this
     *     machine */
    constructor({ hasLocks = true } = {}) {
        this.hasLocks = hasLocks;
    }

    /** A new tab; its `options` are what a Parley in it is given. */
    open() {
        const tab = new Tab(this);
        this.tabs.push(tab);
        return tab;
    }

    /** The keys of the drafts that are kept, without what all have in common. */
    get drafts() {
        return [...this.#items.items.keys()].filter((key) => key.includes("draft:"))
            .map((key) => key.slice(key.indexOf("draft:") + 6));
    }

    storageOf(tab) {
        const items = this.#items;
        const tell = (key, newValue) => {
            for (const other of this.tabs.filter((other) => other !== tab && other.isAlive)) {
                other.events.dispatchEvent(Object.assign(new Event("storage"), { key, newValue }));
            }
        };
        return {
            get length() { return items.length; },
            key: (index) => items.key(index),
            getItem: (key) => items.getItem(key),
            setItem: (key, value) => {
                if (!tab.isAlive) return;
                items.setItem(key, value);
                tell(key, value);
            },
            removeItem: (key) => {
                if (!tab.isAlive || items.getItem(key) === null) return;
                items.removeItem(key);
                tell(key, null);
            },
        };
    }

    locksOf(tab) {
        const request = (name, { signal }, work) => new Promise((resolve, reject) => {
            const entry = { tab, work, resolve };
            this.#locks.set(name, [...(this.#locks.get(name) ?? []), entry]);
            signal.addEventListener("abort", () => {
                if (entry.isHeld) return;
                this.#release(name, entry);
                reject(signal.reason);
            });
            this.#grant(name);
        });
        return { request };
    }

    /** The tab is gone, without a word. */
    kill(tab) {
        tab.isAlive = false;
        for (const name of this.#locks.keys()) {
            for (const entry of this.#locks.get(name)) if (entry.tab === tab) this.#release(name, entry);
        }
    }

    async #grant(name) {
        const [first] = this.#locks.get(name) ?? [];
        if (!first || first.isHeld) return;
        first.isHeld = true;
        first.resolve(await Promise.resolve().then(() => first.tab.isAlive && first.work()));
        this.#release(name, first);
    }

    #release(name, entry) {
        this.#locks.set(name, this.#locks.get(name).filter((other) => other !== entry));
        this.#grant(name);
    }
}

class Tab {
    isAlive = true;
    events = new EventTarget();
    constructor(browser) {
        this.options = {
            storage: browser.storageOf(this), events: this.events,
            locks: browser.hasLocks ? browser.locksOf(this) : undefined,
        };
    }
}
