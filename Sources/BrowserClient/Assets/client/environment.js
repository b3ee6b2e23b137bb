/**
 * What the client takes from the world around it; tests give their own.
 * @typedef {object} Environment
 * @property {typeof globalThis.WebSocket} WebSocket
 * @property {typeof globalThis.fetch | undefined} fetch
 * @property {Storage | undefined} storage where drafts and the guest's name survive a reload
 * @property {LockManager | undefined} locks by which pages that share a storage know of each other's end
 * @property {() => number} random from 0 to 1, for back-off
 * @property {() => string} randomId a name nobody else chooses
 * @property {() => number} now wall clock, in milliseconds: the age of drafts, and how long a machine slept
 * @property {() => number} ticks a clock that never jumps, in milliseconds: silences
 * @property {(work: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {EventTarget | undefined} events where `online`, `pageshow`, `storage` and others come from
 * @property {() => boolean} isOnline what the browser believes of the network
 * @property {() => boolean} isVisible whether somebody may look at the page
 * @property {string | undefined} base the page's own address
 */

/** The world as it is, with whatever `given` puts in its place.
 * @param {Partial<Environment>} given
 * @returns {Environment} */
export function environment(given) {
    const world = {
        WebSocket: globalThis.WebSocket,
        fetch: globalThis.fetch?.bind(globalThis),
        storage: allowed(() => globalThis.localStorage),
        locks: allowed(() => globalThis.navigator?.locks),
        random: Math.random,
        randomId,
        now: () => Date.now(),
        ticks: () => performance.now(),
        setTimeout: (work, ms) => globalThis.setTimeout(work, ms),
        clearTimeout: (timer) => globalThis.clearTimeout(timer),
        events: globalThis.window,
        isOnline: () => globalThis.navigator?.onLine !== false,
        isVisible: () => globalThis.document?.visibilityState !== "hidden",
        base: globalThis.location?.href,
        ...given,
    };
    if (world.WebSocket) return world;
    throw new TypeError("new Parley: there is no WebSocket here; give one as an option.");
}

/** Already a look throws where the user forbids it.
 * @template T
 * @param {() => T} look
 * @returns {T | undefined} */
function allowed(look) {
    try {
        return look();
    } catch {
        return undefined;
    }
}

/** 128 random bits. `crypto.randomUUID` is missing on pages that did not come by TLS. */
function randomId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
