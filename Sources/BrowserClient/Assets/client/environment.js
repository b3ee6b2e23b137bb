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
 * @property {() => void} [endTimers] ends all that run, and lets none begin
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
    if (world.WebSocket) return withTimers(world);
    throw new TypeError("new Parley: there is no WebSocket here; give one as an option.");
}

/** With timers that can be ended together: what has stopped must not keep a page, or a program, awake.
 * @param {Environment} world
 * @returns {Environment} */
function withTimers(world) {
    const timers = new Set();
    let isOver = false;
    const clearTimeout = (timer) => {
        timers.delete(timer);
        world.clearTimeout(timer);
    };
    return {
        ...world,
        clearTimeout,
        setTimeout: (work, ms) => {
            if (isOver) return undefined;
            const timer = world.setTimeout(() => {
                timers.delete(timer);
                work();
            }, ms);
            timers.add(timer);
            return timer;
        },
        endTimers: () => {
            isOver = true;
            timers.forEach(clearTimeout);
        },
    };
}

/** Already a look throws where the user forbids it.
 * @template T
 * @param {() => T} look
 * @returns {T | undefined} */
export function allowed(look) {
    try {
        return look();
    } catch {
        return undefined;
    }
}

/** 128 random bits. `crypto.randomUUID` is missing on pages that did not come by TLS. */
function randomId() {
    return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
