/**
 * How the connection is, for a person: `waiting` has `inMs`, `stopped` the server's `code` where it gave one.
 * @typedef {{state: "connecting" | "open" | "waiting" | "offline" | "stopped", sentence: string,
 *     inMs?: number, code?: number}} ConnectionState
 */

/** The longest wait a server can ask for: one hour. */
const longestWaitMs = 3_600_000;

/** @returns {ConnectionState} */
export function connecting() {
    return { state: "connecting", sentence: "Connecting …" };
}

/** @returns {ConnectionState} */
export function open() {
    return { state: "open", sentence: "Connected." };
}

/** @param {number} inMs
 * @returns {ConnectionState} */
export function waiting(inMs) {
    const seconds = Math.ceil(inMs / 1000);
    const sentence = `Not connected; trying again ${seconds < 2 ? "in a moment" : `in ${seconds} seconds`}.`;
    return { state: "waiting", sentence, inMs };
}

/** @returns {ConnectionState} */
export function offline() {
    return { state: "offline", sentence: "This device is offline; what you write is sent when it is back." };
}

/** @param {string} sentence
 * @param {number} [code]
 * @returns {ConnectionState} */
export function stopped(sentence, code) {
    return code === undefined ? { state: "stopped", sentence } : { state: "stopped", sentence, code };
}

/** We broke RFC 6455, sent what is not text, or not UTF-8: coming back would only repeat it. */
const ourFaults = new Set([1002, 1003, 1007]);

/** What a close says: 4500 to 4999 ask us to stay away, and codes never seen before are understood as well.
 * @param {{code: number, reason: string}} end
 * @returns {{comesBack: boolean, afterMs?: number, sentence: string}} */
export function readClose({ code, reason }) {
    let told;
    try {
        told = JSON.parse(reason);
    } catch {
        told = undefined;
    }
    const isTold = typeof told?.reason === "string";
    return {
        comesBack: code < 4500 && !ourFaults.has(code),
        afterMs: boundedWait(told?.afterMs),
        sentence: isTold ? told.reason : `The server closed the session (${code}).`,
    };
}

/** @param {unknown} ms
 * @returns {number | undefined} */
export function boundedWait(ms) {
    return typeof ms === "number" && ms >= 0 ? Math.min(ms, longestWaitMs) : undefined;
}
