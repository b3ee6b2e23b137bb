/** A sentence for people is not longer, in characters. */
const refusalLimit = 500;

/** Why a server refuses the handshake: a browser hides that from the page, so the same address is asked by
 * plain HTTP, and the server lets every origin read the answer. Undefined where nobody answers, or all is
 * well.
 * @param {string} url of the WebSocket
 * @param {typeof globalThis.fetch | undefined} fetch
 * @returns {Promise<string | undefined>} */
export async function readRefusal(url, fetch) {
    try {
        const answer = await fetch(url.replace(/^ws/, "http"), { credentials: "omit", cache: "no-store" });
        if (answer.status !== 403 && answer.status !== 503) return undefined;
        return (await answer.text()).slice(0, refusalLimit) || undefined;
    } catch {
        return undefined;
    }
}
