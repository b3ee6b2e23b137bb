/** The address of the server's WebSocket, as given or as seen from the page: `/ws` will do on the server's
 * own pages, and `https:` is understood as `wss:`.
 * @param {unknown} given
 * @param {string | undefined} base the page's own address
 * @returns {string} */
export function webSocketAddress(given, base) {
    if (!(given instanceof URL) && (typeof given !== "string" || given === "")) {
        throw new TypeError(
            "new Parley(url): the url of a server's /ws is missing, as in wss://chat.example/ws.");
    }
    let url;
    try {
        url = new URL(given, base);
    } catch {
        const hint = base === undefined ? " A full one is needed here, as in wss://chat.example/ws." : "";
        throw new TypeError(`new Parley(url): "${given}" is no address.${hint}`);
    }
    if (/^https?:$/.test(url.protocol)) url.protocol = url.protocol.replace("http", "ws");
    if (!/^wss?:$/.test(url.protocol)) {
        throw new TypeError(`new Parley(url): "${given}" must begin with wss:// (or with ws:// for tests).`);
    }
    url.hash = "";
    return url.href;
}
