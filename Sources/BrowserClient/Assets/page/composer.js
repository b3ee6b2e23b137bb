import { balanced } from "./displayed-text.js";
import { sizeOf } from "./message-size.js";

/** How long after a key what is written is put down for a reload. */
const keepMs = 400;

/** Where one writes. It keeps each room's text until it is sent, and says before the sending what is too
 * long; it is shut only where writing is really impossible. */
export class Composer {
    #parts;
    #actions;
    #texts;
    #room = "";
    /** @type {number | undefined} */
    #bodyBytes;
    /** Why nothing can be sent at all. @type {string | undefined} */
    #halt;
    /** Rooms that take nothing from us. @type {Map<string, string>} */
    #closed = new Map();
    #timer;

    /** @param {{form: HTMLFormElement, text: HTMLTextAreaElement, label: HTMLElement,
     *     send: HTMLButtonElement, hint: HTMLElement}} parts
     * @param {import("./unsent-texts.js").UnsentTexts} texts
     * @param {{send: (room: string, text: string) => void,
     *     typing: (room: string, on: boolean) => void}} actions */
    constructor(parts, texts, actions) {
        this.#parts = parts;
        this.#texts = texts;
        this.#actions = actions;
        const { form, text } = parts;
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#send();
        });
        text.addEventListener("input", () => this.#changed());
        text.addEventListener("keydown", (event) => {
            // While characters are composed Enter chooses among them; Safari tells it by the key's number
            // only.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            form.requestSubmit();
        });
        addEventListener("pagehide", () => this.#keep());
        addEventListener("visibilitychange", () => this.#keep());
    }

    /** @param {string} room */
    show(room) {
        this.#stopTyping();
        this.#keep();
        this.#room = room;
        this.#parts.text.value = this.#texts.get(room);
        this.#parts.label.textContent = `Message to ${balanced(room)}`;
        this.#render();
    }

    /** @param {number | undefined} bytes the largest body the server takes */
    limit(bytes) {
        this.#bodyBytes = bytes;
        this.#closed.clear();
        this.#render();
    }

    /** Nothing can be sent any more, or again; what is written stays.
     * @param {string | undefined} sentence */
    halt(sentence) {
        if (this.#halt === sentence) return;
        this.#halt = sentence;
        this.#render();
    }

    /** This room takes nothing from us, until we connect with other rights.
     * @param {string} room
     * @param {string} sentence */
    close(room, sentence) {
        this.#closed.set(room, sentence);
        this.#render();
    }

    /** Back comes what could not even be tried.
     * @param {string} room
     * @param {string} text */
    giveBack(room, text) {
        if (this.#texts.get(room) !== "") return;
        this.#texts.set(room, text);
        if (room === this.#room) this.#parts.text.value = text;
        this.#render();
    }

    focus() {
        this.#parts.text.focus();
    }

    #send() {
        const text = this.#parts.text.value;
        const isShut = this.#halt !== undefined || this.#closed.has(this.#room);
        if (text.trim() === "" || isShut || sizeOf(text, this.#bodyBytes).isTooLong) return;
        // The button has nothing to send now: it must not take the focus along.
        this.focus();
        this.#parts.text.value = "";
        this.#texts.set(this.#room, "");
        this.#keep();
        this.#render();
        this.#actions.send(this.#room, text);
    }

    #changed() {
        const text = this.#parts.text.value;
        this.#texts.set(this.#room, text);
        this.#actions.typing(this.#room, text.trim() !== "");
        this.#timer ??= setTimeout(() => this.#keep(), keepMs);
        this.#render();
    }

    #stopTyping() {
        if (this.#room === "" || this.#parts.text.value.trim() === "") return;
        this.#actions.typing(this.#room, false);
    }

    #keep() {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#texts.keep();
    }

    #render() {
        const { text, send, hint } = this.#parts;
        const { isTooLong, sentence } = sizeOf(text.value, this.#bodyBytes);
        const closed = this.#closed.get(this.#room);
        // Read-only, not disabled: that would throw the focus of who just sent something out of the page.
        text.readOnly = closed !== undefined;
        text.placeholder = closed === undefined ? `Message ${shortened(this.#room)}` : "";
        send.disabled = closed !== undefined || this.#halt !== undefined || isTooLong
            || text.value.trim() === "";
        const said = closed ?? (text.value === "" ? "" : this.#halt ?? sentence);
        if (hint.textContent !== said) hint.textContent = said;
        hint.toggleAttribute("data-alarm", isTooLong);
        text.setAttribute("aria-invalid", String(isTooLong));
        this.#grow();
    }

    /** Where the style sheet cannot make it as high as its text. */
    #grow() {
        const { text } = this.#parts;
        if (CSS.supports("field-sizing", "content")) return;
        text.style.blockSize = "auto";
        text.style.blockSize = `${text.scrollHeight}px`;
    }
}

function shortened(room) {
    const characters = [...room];
    return balanced(characters.length > 40 ? `${characters.slice(0, 40).join("")}…` : room);
}
