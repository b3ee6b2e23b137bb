import { boundedWait } from "./bounded-wait.js";

/**
 * How the connection is, for a person: `waiting` has `inMs`, `stopped` the server's `code` where it gave one.
 * @typedef {{state: "connecting" | "open" | "waiting" | "offline" | "stopped", sentence: string,
 *     inMs?: number, code?: number}} ConnectionState
 */

/** @returns {ConnectionState} */
export function connecting() {
    return { state: "connecting", sentence: "Connecting …" };
}

/** @returns {ConnectionState} */
export function open() {
    return { state: "open", sentence: "Connected." };
}

/** @param {number} inMs
 * @param {string} [reason] the beginning of a sentence
 * @returns {ConnectionState} */
export function waiting(inMs, reason = "Not connected") {
    const seconds = Math.ceil(inMs / 1000);
    const when = seconds < 2 ? "in a moment" : seconds > 90 ? `in ${Math.round(seconds / 60)} minutes`
        : `in ${seconds} seconds`;
    const sentence = `${reason.replace(/[.!\s]+$/, "")}; trying again ${when}.`;
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
 * @returns {{comesBack: boolean, afterMs?: number, sentence?: string}} */
export function readClose({ code, reason }) {
    let told;
    try {
        told = JSON.parse(reason);
    } catch {
        told = undefined;
    }
    const isTold = typeof told?.reason === "string" && told.reason;
    // Only we ourselves can give 1006 a reason.
    const ours = code === 1006 && reason || undefined;
    return {
        comesBack: code < 4500 && !ourFaults.has(code),
        afterMs: boundedWait(told?.afterMs),
        sentence: isTold ? told.reason : ours,
    };
}
