import { clean, initials, nameOf, tint } from "./names.js";

const nameKey = "parley:name";

/** Who one is here. In development mode one says so oneself; with a token the server knows. */
export class OwnName {
    #parts;
    #kept;
    #hasToken;

    /** @param {{form: HTMLFormElement, input: HTMLInputElement, fixed: HTMLElement,
     *     avatar: HTMLElement}} parts
     * @param {import("./kept.js").Kept} kept
     * @param {boolean} hasToken
     * @param {(name: string) => void} renamed */
    constructor(parts, kept, hasToken, renamed) {
        this.#parts = parts;
        this.#kept = kept;
        this.#hasToken = hasToken;
        const { form, input, fixed } = parts;
        form.hidden = hasToken;
        fixed.hidden = !hasToken;
        input.value = this.stored ?? "";
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            input.blur();
        });
        input.addEventListener("change", () => {
            input.value = clean(input.value);
            kept.write(nameKey, input.value || undefined);
            renamed(input.value);
        });
    }

    /** The name chosen here before. @type {string | undefined} */
    get stored() {
        return this.#hasToken ? undefined : clean(this.#kept.read(nameKey) ?? "") || undefined;
    }

    /** The server says who we are.
     * @param {{user: string, name?: string}} self */
    show(self) {
        const { avatar, fixed, input } = this.#parts;
        const name = nameOf(self);
        avatar.className = `avatar tint-${tint(self.user)}`;
        avatar.dataset.initials = initials(name);
        input.placeholder = self.user;
        const label = fixed.querySelector("bdi");
        if (label) label.textContent = name;
        fixed.title = name;
    }
}
