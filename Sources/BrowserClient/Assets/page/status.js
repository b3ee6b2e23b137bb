import { countdown, sentenceOf } from "./state-sentence.js";

/** The one place that says how the connection is: a bar over the messages, gone while all is well. */
export class Status {
    #parts;
    #actions;
    #story;
    #timer;

    /** @param {{bar: HTMLElement, text: HTMLElement, countdown: HTMLElement,
     *     button: HTMLButtonElement}} parts
     * @param {{reload: () => void, retry?: () => void}} actions without `retry` there is no button for it
     * @param {boolean} hasToken */
    constructor(parts, actions, hasToken) {
        this.#parts = parts;
        this.#actions = actions;
        this.#story = { hasToken, wasOpen: false };
    }

    /** @param {import("/client.js").Parley["state"]} state */
    show(state) {
        const { bar, text, button } = this.#parts;
        const said = sentenceOf(state, this.#story);
        this.#story.wasOpen ||= state.state === "open";
        bar.dataset.state = state.state;
        // What did not change is not read out again.
        if (text.textContent !== said.sentence) text.textContent = said.sentence;
        bar.title = said.detail ?? "";
        const action = said.action && this.#actions[said.action];
        button.hidden = !action;
        button.textContent = said.action === "reload" ? "Reload" : "Try now";
        button.onclick = action ?? null;
        this.#count(state.state === "waiting" ? state.inMs ?? 0 : undefined);
    }

    #count(ms) {
        clearInterval(this.#timer);
        if (ms === undefined) {
            this.#parts.countdown.textContent = "";
            return;
        }
        const end = performance.now() + ms;
        const tell = () => {
            this.#parts.countdown.textContent = countdown(end - performance.now());
        };
        tell();
        this.#timer = setInterval(tell, 1000);
    }
}
