/** The rooms one can go to, as links. */
export class RoomList {
    #list;
    /** @type {Map<string, HTMLAnchorElement>} */
    #links = new Map();

    /** @param {HTMLElement} list */
    constructor(list) {
        this.#list = list;
    }

    /** @param {string} room */
    add(room) {
        if (this.#links.has(room)) return;
        const link = document.createElement("a");
        link.href = `#${encodeURIComponent(room)}`;
        link.textContent = room;
        const item = document.createElement("li");
        item.append(link);
        const next = [...this.#links.keys()].filter((name) => name > room).sort()[0];
        this.#list.insertBefore(item, this.#links.get(next)?.parentElement ?? null);
        this.#links.set(room, link);
    }

    /** The room that is shown now.
     * @param {string} room */
    select(room) {
        this.add(room);
        for (const [name, link] of this.#links) {
            if (name === room) link.setAttribute("aria-current", "page");
            else link.removeAttribute("aria-current");
        }
        this.#links.get(room)?.classList.remove("unread");
    }

    /** Something was said where nobody looks.
     * @param {string} room */
    mark(room) {
        this.#links.get(room)?.classList.add("unread");
    }
}
