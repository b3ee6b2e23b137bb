/** How many rooms' texts are kept, and how many characters of all: a tab's storage is small. */
const roomsLimit = 50;
const charactersLimit = 500_000;
const textsKey = "parley:unsent";

/** What was written and not sent yet, by room, over switches of rooms and reloads of this tab. */
export class UnsentTexts {
    #kept;
    /** The one written last is last. @type {Map<string, string>} */
    #texts;

    /** @param {import("./kept.js").Kept} kept */
    constructor(kept) {
        this.#kept = kept;
        this.#texts = new Map(read(kept.read(textsKey)));
    }

    /** @param {string} room */
    get(room) {
        return this.#texts.get(room) ?? "";
    }

    /** @param {string} room
     * @param {string} text */
    set(room, text) {
        if (this.get(room) === text) return;
        this.#texts.delete(room);
        if (text !== "") this.#texts.set(room, text);
        // The room written in last is kept, whatever its length.
        let characters = text.length;
        let rooms = 1;
        for (const [other, kept] of [...this.#texts].reverse()) {
            if (other === room) continue;
            characters += kept.length;
            rooms += 1;
            if (rooms > roomsLimit || characters > charactersLimit) this.#texts.delete(other);
        }
    }

    /** Writes them down. */
    keep() {
        this.#kept.write(textsKey, this.#texts.size === 0 ? undefined : JSON.stringify([...this.#texts]));
    }
}

function read(text) {
    try {
        const pairs = JSON.parse(text ?? "[]");
        return pairs.filter((pair) => pair.length === 2 && pair.every((part) => typeof part === "string"));
    } catch {
        return [];
    }
}
