/** The button that leads back to the newest messages. */
export class JumpButton {
    #button;

    /** @param {HTMLElement} button
     * @param {HTMLElement} scroller
     * @param {() => void} pressed */
    constructor(button, scroller, pressed) {
        this.#button = button;
        button.hidden = true;
        button.addEventListener("click", () => {
            // The button goes, and must not take the focus along.
            if (document.activeElement === button) scroller.focus({ preventScroll: true });
            pressed();
        });
    }

    hide() {
        this.#button.hidden = true;
    }

    /** @param {number} unseen how many new messages there are */
    show(unseen) {
        const text = unseen === 0 ? "Jump to newest"
            : unseen === 1 ? "1 new message" : `${unseen.toLocaleString()} new messages`;
        if (this.#button.textContent !== text) this.#button.textContent = text;
        this.#button.hidden = false;
    }
}
