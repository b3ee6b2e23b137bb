/** What stands in the place of a conversation that cannot be shown: a room that refuses us, or none at
 * all. */
export class Blank {
    #parts;
    #actions;

    /** @param {{page: HTMLElement, blank: HTMLElement, title: HTMLElement, text: HTMLElement, icon: Element,
     *     again: HTMLElement, away: HTMLElement, ways: HTMLElement[]}} parts `ways` lead to a room
     * @param {{again: () => void, away: () => void}} actions */
    constructor(parts, actions) {
        this.#parts = parts;
        this.#actions = actions;
        parts.again.addEventListener("click", () => this.#actions.again());
        parts.away.addEventListener("click", () => this.#actions.away());
    }

    /** @param {string} sentence the reason, in the server's words */
    refused(sentence) {
        const { again, away } = this.#parts;
        this.#show("You cannot enter this room", sentence, "#i-lock");
        again.hidden = away.hidden = false;
        this.#goOn([again]);
    }

    noRoom() {
        const { again, away, ways } = this.#parts;
        this.#show("You are in no room", "Open one by its name, and it is there.", "#i-talk");
        again.hidden = away.hidden = true;
        this.#goOn(ways);
    }

    /** Answers whether the focus was here, and so has to go somewhere.
     * @returns {boolean} */
    hide() {
        const hadFocus = this.#parts.blank.contains(document.activeElement);
        this.#parts.blank.hidden = true;
        this.#parts.page.classList.remove("is-blank");
        return hadFocus;
    }

    #show(title, text, icon) {
        this.#parts.title.textContent = title;
        this.#parts.text.textContent = text;
        this.#parts.icon.setAttribute("href", icon);
        this.#parts.blank.hidden = false;
        this.#parts.page.classList.add("is-blank");
    }

    /** What had the focus may be gone: the keyboard goes on at the first of these that is there.
     * @param {any[]} elements */
    #goOn(elements) {
        const focused = /** @type {any} */ (document.activeElement);
        if (focused && focused !== document.body && focused.checkVisibility()) return;
        elements.find((element) => element.checkVisibility())?.focus();
    }
}
