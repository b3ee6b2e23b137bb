import { countdown, sentenceOf } from "./state-sentence.js";

/** The one place that says how the connection is: a bar over the messages, gone while all is well. */
export class Status {
    #parts;
    #actions;
    #story;
    #timer;

    /** @param {{bar: HTMLElement, text: HTMLElement, countdown: HTMLElement, said: HTMLElement,
     *     button: HTMLButtonElement}} parts `said` is for who hears the page: a bar that comes and goes is
     *     not read out
     * @param {{reload: () => void, retry: () => void}} actions
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
        if (text.textContent !== said.sentence) text.textContent = said.sentence;
        this.#read(state.state, said.sentence);
        bar.title = said.detail ?? "";
        const action = said.action && this.#actions[said.action];
        button.hidden = !action;
        button.textContent = said.action === "reload" ? "Reload" : "Try now";
        button.onclick = action ?? null;
        this.#count(state.state === "waiting" ? state.inMs ?? 0 : undefined);
    }

    /** Loss and return are read out, and not each try between them. */
    #read(state, sentence) {
        const { said } = this.#parts;
        const isLoss = ["waiting", "offline", "stopped"].includes(state);
        if (isLoss && said.textContent !== sentence) said.textContent = sentence;
        if (state === "open" && said.textContent !== "") said.textContent = "Connected again.";
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
