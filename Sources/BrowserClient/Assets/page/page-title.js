import { balanced } from "./displayed-text.js";

/** What the browser's tab says.
 * @param {string} room the open one; empty for none
 * @param {number} unread in all rooms */
export function titleOf(room, unread) {
    const news = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ` : "";
    return `${news}${balanced(room) || "Rooms"} – Parley`;
}
