import { balanced } from "./displayed-text.js";
import { fragmentOfRoom } from "./room-address.js";
import { placeOf } from "./room-order.js";

/** The rooms one can go to, as links with the number of what was not seen there. */
export class RoomList {
    #list;
    /** @type {Map<string, {link: HTMLAnchorElement, item: HTMLElement, badge: HTMLElement,
     *     hint: HTMLElement}>} */
    #entries = new Map();
    /** From top to bottom. @type {string[]} */
    rooms = [];
    /** @type {HTMLAnchorElement | undefined} */
    #selected;
    #isHeld = false;

    /** @param {HTMLElement} list */
    constructor(list) {
        this.#list = list;
    }

    /** @param {string} room */
    add(room) {
        if (this.#entries.has(room)) return;
        const link = document.createElement("a");
        link.href = fragmentOfRoom(room);
        link.title = balanced(room);
        const name = child(link, "span", "room-name");
        name.textContent = balanced(room);
        const badge = child(link, "span", "badge");
        badge.hidden = true;
        const hint = child(link, "span", "unseen");
        const item = document.createElement("li");
        item.append(link);
        this.#hold();
        const place = placeOf(room, this.rooms);
        this.#list.insertBefore(item, this.#list.children[place] ?? null);
        this.rooms.splice(place, 0, room);
        this.#entries.set(room, { link, item, badge, hint });
    }

    /** @param {string} room */
    remove(room) {
        this.#entries.get(room)?.item.remove();
        this.#entries.delete(room);
        this.rooms = this.rooms.filter((other) => other !== room);
    }

    /** The room that is shown now; empty for none.
     * @param {string} room */
    select(room) {
        if (room !== "") this.add(room);
        for (const [name, { link }] of this.#entries) {
            if (name === room) link.setAttribute("aria-current", "page");
            else link.removeAttribute("aria-current");
        }
        this.#selected = this.#entries.get(room)?.link;
        this.reveal();
    }

    /** The open room is in view. */
    reveal() {
        this.#selected?.scrollIntoView({ block: "nearest" });
    }

    /** How much was said there that nobody saw.
     * @param {string} room
     * @param {number} count */
    mark(room, count) {
        const entry = this.#entries.get(room);
        if (!entry || (entry.link.dataset.unread ?? "0") === String(count)) return;
        if (count > 0) entry.link.dataset.unread = String(count);
        else delete entry.link.dataset.unread;
        entry.badge.hidden = count === 0;
        entry.badge.textContent = count === 0 ? "" : count > 99 ? "99+" : String(count);
        this.#hint(entry);
    }

    /** Why the room cannot be entered; nothing where it can.
     * @param {string} room
     * @param {string | undefined} sentence */
    refuse(room, sentence) {
        const entry = this.#entries.get(room);
        if (!entry) return;
        if (sentence === undefined) delete entry.link.dataset.refused;
        else entry.link.dataset.refused = "";
        const name = balanced(room);
        entry.link.title = sentence === undefined ? name : `${name}: ${sentence}`;
        this.#hint(entry);
    }

    /** If the open room is in view it stays so, whatever comes in above it: looked at once a frame, for rooms
     * come by the hundred. */
    #hold() {
        if (this.#isHeld || !this.#selected) return;
        const { top, bottom } = this.#selected.getBoundingClientRect();
        const list = this.#list.getBoundingClientRect();
        if (top < list.top - 1 || bottom > list.bottom + 1) return;
        this.#isHeld = true;
        requestAnimationFrame(() => {
            this.#isHeld = false;
            this.reveal();
        });
    }

    #hint({ link, hint }) {
        const { unread, refused } = link.dataset;
        hint.textContent = refused !== undefined
            ? " (cannot be entered)" : unread === undefined ? "" : " unread";
    }
}

function child(parent, kind, name) {
    const made = document.createElement(kind);
    made.className = name;
    parent.append(made);
    return made;
}
