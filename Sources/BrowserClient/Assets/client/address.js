/** The address of the server's WebSocket, as given or as seen from the page: `/ws` will do on the server's
 * own pages, and `https:` is understood as `wss:`.
 * @param {any} given
 * @param {string | undefined} base the page's own address
 * @returns {string} */
export function webSocketAddress(given, base) {
    try {
        const url = new URL(given?.href || given?.length ? given : "none:", base);
        url.protocol = url.protocol.replace(/^http/, "ws");
        url.hash = "";
        if (/^wss?:$/.test(url.protocol)) return url.href;
    } catch {
        // A relative one where there is no page, or none at all.
    }
    throw new TypeError(`new Parley(url): "${given}" is no address like wss://chat.example/ws.`);
}
