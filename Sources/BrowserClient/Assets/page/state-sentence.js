import { balanced, displayed } from "./displayed-text.js";

/** @typedef {import("/client.js").Parley["state"]} ConnectionState
 * @typedef {{hasToken: boolean, wasOpen: boolean}} Story what happened before
 * @typedef {{sentence: string, detail?: string, action?: "reload" | "retry"}} Said */

/** Of a server's reason, in characters. */
const longestReason = 300;
const isKept = "What you write is kept and sent later.";
/** No token, or one that does not do: `unauthorized`, the close codes 4502 and 4004. */
const tokenCodes = new Set([104, 4502, 4004]);

/** How the connection is, and what that means for what one writes, for a person.
 * @param {ConnectionState} state
 * @param {Story} story
 * @returns {Said} */
export function sentenceOf({ state, sentence, code }, { hasToken, wasOpen }) {
    switch (state) {
        case "open":
            return { sentence: "Connected." };
        case "connecting":
            return { sentence: wasOpen ? `Connecting again … ${isKept}` : "Connecting …" };
        case "waiting": {
            const what = wasOpen ? "Connection lost." : reasonOf(sentence) ?? "The server cannot be reached.";
            return { sentence: `${what} ${isKept}`, action: "retry" };
        }
        case "offline":
            return { sentence: "You are offline. What you write is kept and sent when you are back." };
        default:
            return stoppedSentence(sentence, code, hasToken);
    }
}

/** Why the server refuses us, if it or the client says so before when it will be tried again. */
function reasonOf(sentence) {
    const reason = shown(sentence.replace(/; trying again [^;]*$/, ""));
    return reason === "" || reason === "Not connected." ? undefined : reason;
}

/** @returns {Said} */
function stoppedSentence(sentence, code, hasToken) {
    if (code === undefined || !tokenCodes.has(code)) {
        // Where the server gave no reason the client has a number only.
        const reason = /\(\d+\)\.$/.test(sentence) ? "" : shown(sentence);
        return { sentence: `The session has ended. ${reason}${reason && " "}What you wrote is kept.`,
            detail: sentence, action: "reload" };
    }
    if (!hasToken) return { sentence: "You need a link with a token to come in here.", detail: sentence };
    return { sentence: "Your session has ended. Open a fresh link to go on; what you wrote is kept.",
        detail: sentence };
}

/** Somebody else's words as a sentence on one line, that turns nothing around it. */
function shown(words) {
    const line = balanced(displayed(words.slice(0, longestReason)).replace(/\s+/g, " ").trim());
    return line === "" || /[.!?…]$/.test(line) ? line : `${line}.`;
}

/** What is left to wait, in words; nothing where it is no time at all.
 * @param {number} ms */
export function countdown(ms) {
    const seconds = Math.ceil(ms / 1000);
    if (seconds <= 1) return "Trying again …";
    return seconds < 60 ? `Trying again in ${seconds} s` : `Trying again in ${Math.ceil(seconds / 60)} min`;
}
