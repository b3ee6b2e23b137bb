/**
 * @typedef {object} BrowserDelegate
 * @property {() => void} looked the page is looked at again
 * @property {() => void} moved the network is back, or is another one
 * @property {() => void} cut the network is gone
 * @property {(event: StorageEvent) => void} stored another page wrote to the storage
 */

/** Listens to what the browser knows of network and page; the answer ends it.
 * @param {import("./environment.js").Environment} environment
 * @param {BrowserDelegate} delegate */
export function followBrowser({ events, isVisible }, { looked, moved, cut, stored }) {
    const shown = () => isVisible() && looked();
    const listeners = {
        online: moved, offline: cut, pageshow: looked, focus: looked, visibilitychange: shown, resume: shown,
        storage: stored,
    };
    const each = Object.entries(listeners);
    for (const [type, listener] of each) events?.addEventListener(type, /** @type {any} */ (listener));
    return () => {
        for (const [type, listener] of each) events?.removeEventListener(type, /** @type {any} */ (listener));
    };
}
