/** A panel that stands beside the conversation where there is room, and comes over it where there is not:
 * then the rest of the page waits, Escape or a touch beside it closes it, and the focus goes back. */
export class Drawer {
    #parts;
    #narrow;
    #toggleWide;

    /** @param {{panel: HTMLElement, opener: HTMLElement, closer: HTMLElement, backdrop: HTMLElement,
     *     rest: HTMLElement[]}} parts
     * @param {string} query where it is a drawer
     * @param {() => void} [toggleWide] what the button does where the panel stands beside */
    constructor(parts, query, toggleWide) {
        this.#parts = parts;
        this.#narrow = matchMedia(query);
        this.#toggleWide = toggleWide;
        const { opener, closer, backdrop } = parts;
        opener.addEventListener("click", () => (this.#narrow.matches ? this.open() : this.#wide()));
        closer.addEventListener("click", () => this.close());
        backdrop.addEventListener("click", () => this.close());
        // Wherever the focus is: behind the panel's last stop, or after a click on its ground, it is nowhere.
        document.addEventListener("keydown", (event) => {
            if (event.key !== "Escape" || !this.isOpen) return;
            event.stopPropagation();
            this.close();
        }, { capture: true });
        this.#narrow.addEventListener("change", () => {
            this.close(true);
            this.#tell();
        });
        this.#tell();
    }

    get isOpen() {
        return this.#parts.panel.hasAttribute("data-open");
    }

    open() {
        const { panel, backdrop, closer, rest } = this.#parts;
        panel.setAttribute("data-open", "");
        backdrop.hidden = false;
        for (const other of rest) other.inert = true;
        closer.focus();
        this.#tell();
    }

    /** @param {boolean} [keepsFocus] */
    close(keepsFocus = false) {
        if (!this.isOpen) return;
        const { panel, opener, backdrop, rest } = this.#parts;
        panel.removeAttribute("data-open");
        backdrop.hidden = true;
        for (const other of rest) other.inert = false;
        if (!keepsFocus) opener.focus();
        this.#tell();
    }

    #wide() {
        this.#toggleWide?.();
        this.#tell();
    }

    #tell() {
        const isShown = this.#narrow.matches
            ? this.isOpen : getComputedStyle(this.#parts.panel).display !== "none";
        this.#parts.opener.setAttribute("aria-expanded", String(isShown));
    }
}
