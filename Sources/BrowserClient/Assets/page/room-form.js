import { faultOfRoomName } from "./room-name.js";

/** The form that opens a room by its name; it says what is wrong with one, and does not go there.
 * @param {{form: HTMLFormElement, input: HTMLInputElement, fault: HTMLElement}} parts
 * @param {(room: string) => void} open */
export function followRoomForm({ form, input, fault }, open) {
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        const room = input.value.trim();
        const sentence = faultOfRoomName(room);
        fault.textContent = sentence ?? "";
        input.setAttribute("aria-invalid", String(sentence !== undefined));
        if (sentence !== undefined) return input.focus();
        input.value = "";
        open(room);
    });
    input.addEventListener("input", () => {
        fault.textContent = "";
        input.removeAttribute("aria-invalid");
    });
}
