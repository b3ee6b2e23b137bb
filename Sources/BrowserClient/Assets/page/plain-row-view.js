import { button, element } from "./elements.js";

/** @typedef {import("./timeline-rows.js").PlainRow} PlainRow */

/** The list item's class for each kind of row; holes and edges are notes that one can do something about. */
const classes = {
    day: "day", divider: "divider", note: "note", hole: "note hole", edge: "note edge",
    beginning: "note beginning", empty: "empty", loading: "note loading",
};

/** What stands between messages: a day, the divider, a note, an edge. */
export class PlainRowView {
    element = element("li");
    #text = element("span");
    #button;
    #act;
    /** @type {PlainRow | undefined} */
    #row;

    /** @param {(row: PlainRow) => void} act what the row's button does */
    constructor(act) {
        this.#act = act;
        this.element.append(this.#text);
    }

    /** @param {PlainRow} row */
    update(row) {
        const old = this.#row;
        this.#row = row;
        if (old?.kind !== row.kind) this.element.className = classes[row.kind];
        if (old?.text !== row.text) this.#text.textContent = row.text;
        if (old?.action === row.action) return;
        this.#button?.remove();
        this.#button = row.action && button("act", row.action, () => this.#act(this.#row));
        if (this.#button) this.element.append(" ", this.#button);
    }
}
