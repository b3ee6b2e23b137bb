/** Where one is told to be when the address says nothing. */
export const firstRoom = "lobby";

/** The room an address's fragment names; empty for none.
 * @param {string} fragment with its `#` */
export function roomOfFragment(fragment) {
    const text = fragment.slice(1);
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

/** The fragment that names a room. `=` is escaped too, so no room is taken for a token.
 * @param {string} room */
export function fragmentOfRoom(room) {
    try {
        return `#${encodeURIComponent(room)}`;
    } catch {
        // Half of a surrogate pair is in no room's name, and has no escape.
        return `#${encodeURIComponent(room.replace(/[\ud800-\udfff]/g, "\ufffd"))}`;
    }
}

/** What `#token=…` or `#token=…&room=…` gives; nothing for a fragment that is a room.
 * @param {string} fragment
 * @returns {{token: string, room: string} | undefined} an empty token forgets the one that was kept */
export function tokenOfFragment(fragment) {
    if (!fragment.startsWith("#token=")) return undefined;
    const fields = new URLSearchParams(fragment.slice(1));
    return { token: fields.get("token") ?? "", room: fields.get("room") ?? "" };
}

/** Takes a token out of the address at once and keeps it for this tab; answers the one that counts.
 * @param {Storage | undefined} storage of this tab
 * @returns {string | undefined} */
export function takeToken(storage) {
    const given = tokenOfFragment(location.hash);
    if (given) history.replaceState(null, "", fragmentOfRoom(given.room || firstRoom));
    try {
        if (given) storage?.setItem("parley:token", given.token);
        return (storage ? storage.getItem("parley:token") : given?.token) || undefined;
    } catch {
        return given?.token || undefined;
    }
}
