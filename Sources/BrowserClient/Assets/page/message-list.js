/** How many messages the page shows; older ones are read again when one scrolls back. */
const shownLimit = 1000;
/** How near to an edge counts as being there, in pixels. */
const edge = 60;

/** The messages of the open room: publications in order, then our drafts. Shows, and decides nothing. */
export class MessageList {
    #list;
    #actions;
    /** Shown publications, oldest first. @type {{offset?: number, item: HTMLElement}[]} */
    #shown = [];
    /** Our drafts' items, by client id. @type {Map<string, HTMLElement>} */
    #drafts = new Map();
    /** The page of the past that is awaited; a new object for each. @type {object | undefined} */
    #reading;
    #hasMore = false;

    /** @param {HTMLElement} list
     * @param {{older: (before: number) => Promise<{publications: any[], more: boolean} | undefined>,
     *     again: (clientId: string, body: any) => void}} actions */
    constructor(list, actions) {
        this.#list = list;
        this.#actions = actions;
        list.addEventListener("scroll", () => this.#scrolled());
    }

    /** Shows another room, empty so far. */
    clear() {
        this.#shown = [];
        this.#drafts.clear();
        this.#reading = undefined;
        this.#hasMore = true;
        this.#list.replaceChildren();
    }

    /** What was read and said so far is shown: now older ones may be asked for. */
    filled() {
        this.#toEnd();
        this.#scrolled();
    }

    /** A publication behind all that are shown. `isOwn`: it may be one of the drafts.
     * @param {any} publication
     * @param {boolean} isOwn */
    append(publication, isOwn) {
        const wasAtEnd = this.#isAtEnd();
        if (isOwn) this.#removeDraft(publication.clientId);
        const entry = shown(publication);
        this.#list.insertBefore(entry.item, this.#drafts.values().next().value ?? null);
        this.#shown.push(entry);
        if (wasAtEnd) {
            this.#trim();
            this.#toEnd();
        }
    }

    /** Takes the oldest away, with the notes above what is left. */
    #trim() {
        if (this.#shown.length <= shownLimit) return;
        this.#shown.splice(0, this.#shown.length - shownLimit);
        while (this.#list.firstElementChild !== this.#shown[0].item) this.#list.firstElementChild?.remove();
        this.#hasMore = true;
    }

    /** A sentence between the messages.
     * @param {string} sentence */
    note(sentence) {
        const item = element("li", "note", sentence);
        this.#list.insertBefore(item, this.#drafts.values().next().value ?? null);
    }

    /** What stands above `after` is void.
     * @param {number} after */
    cut(after) {
        for (const { offset, item } of this.#shown) if (offset !== undefined && offset > after) item.remove();
        this.#shown = this.#shown.filter(({ item }) => item.isConnected);
    }

    /** A draft of ours, and how it fares.
     * @param {{clientId: string, body: any, at: number, state: string, error?: Error}} draft
     * @param {string} name */
    draft({ clientId, body, at, state, error }, name) {
        if (state === "sent") return this.#removeSoon(clientId);
        const old = this.#drafts.get(clientId);
        const item = messageItem({ name, time: at, body });
        item.classList.add("draft", state);
        const sentence = state === "failed" ? `Not sent: ${error?.message}`
            : state === "sending" ? "Sending …" : "Waiting …";
        item.append(element("span", "mark", sentence));
        if (state === "failed") {
            const again = element("button", "again", "Try again");
            again.addEventListener("click", () => this.#actions.again(clientId, body));
            item.append(again);
        }
        this.#drafts.set(clientId, item);
        if (old) return old.replaceWith(item);
        this.#list.append(item);
        this.#toEnd();
    }

    /** A sent draft stays until its publication is shown, which may come later than the reply. */
    #removeSoon(clientId) {
        const item = this.#drafts.get(clientId);
        item?.classList.replace("sending", "sent");
        const mark = item?.querySelector(".mark");
        if (mark) mark.textContent = "Sent";
    }

    #removeDraft(clientId) {
        this.#drafts.get(clientId)?.remove();
        this.#drafts.delete(clientId);
    }

    async #scrolled() {
        const first = this.#firstOffset;
        if (this.#list.scrollTop > edge || this.#reading || !this.#hasMore) return;
        if (first === undefined || first === 1) return;
        const reading = {};
        this.#reading = reading;
        const page = await this.#actions.older(first);
        // Another room may be shown by now.
        if (this.#reading !== reading) return;
        this.#reading = undefined;
        // What it would stand before may be gone.
        if (!page || this.#firstOffset !== first) return;
        this.#hasMore = page.more;
        const height = this.#list.scrollHeight;
        const older = page.publications.map((publication) => shown(publication));
        this.#list.prepend(...older.map(({ item }) => item));
        this.#shown.unshift(...older);
        this.#list.scrollTop += this.#list.scrollHeight - height;
    }

    get #firstOffset() {
        return this.#shown.find(({ offset }) => offset !== undefined)?.offset;
    }

    #isAtEnd() {
        return this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < edge;
    }

    #toEnd() {
        this.#list.scrollTop = this.#list.scrollHeight;
    }
}

function shown({ offset, user, name, time, body }) {
    const item = messageItem({ name: name ?? user, time, body });
    if (offset !== undefined) item.dataset.offset = String(offset);
    return { offset, item };
}

function messageItem({ name, time, body }) {
    const item = document.createElement("li");
    const clock = document.createElement("time");
    const date = new Date(time);
    clock.dateTime = date.toISOString();
    clock.textContent = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    clock.title = date.toLocaleString();
    item.append(element("span", "who", name), clock, element("p", "text", textOf(body)));
    return item;
}

/** The page writes `{"text": …}`; what other programs write is shown as it is. */
function textOf(body) {
    return typeof body?.text === "string" ? body.text : JSON.stringify(body);
}

/** @param {string} kind
 * @param {string} name
 * @param {string} text */
function element(kind, name, text) {
    const made = document.createElement(kind);
    made.className = name;
    made.textContent = text;
    return made;
}
