import { isTime } from "./day-label.js";
import { button, element } from "./elements.js";
import { knownName } from "./known-names.js";
import { textOf } from "./message-text.js";
import { draftFailure } from "./refusal-sentence.js";
import { richText } from "./rich-text.js";

/** What a draft says of itself; one that was sent waits for its publication in silence. */
const marks = { waiting: "Waiting for the connection …", sending: "Sending …", sent: "" };

/** @typedef {import("./timeline-rows.js").MessageRow} MessageRow
 * @typedef {{retry: (draft: any) => void, discard: (draft: any) => void}} DraftActions */

/** One message on the page. A draft's turns into its publication's: the element stays, and what it says stays
 * where it is. */
export class MessageView {
    element = element("li", "message");
    #labels;
    #actions;
    /** @type {MessageRow | undefined} */
    #row;
    #avatar;
    #head = element("div", "head");
    #who = element("bdi", "who");
    #time = /** @type {HTMLTimeElement} */ (element("time"));
    #text = element("div", "text");
    #more;
    #mark;
    #draftActions;

    /** @param {import("./day-label.js").DayLabels} labels
     * @param {DraftActions} actions */
    constructor(labels, actions) {
        this.#labels = labels;
        this.#actions = actions;
        this.#head.append(this.#who, this.#time);
        this.#time.dir = "auto";
        this.element.append(this.#head, this.#text);
    }

    /** @param {MessageRow} row */
    update(row) {
        const old = this.#row;
        this.#row = row;
        if (old && isSame(old, row)) return;
        const { publication, draft, isFirst, isOwn } = row;
        this.#name(publication, isFirst);
        if (old?.publication.time !== publication.time) this.#clock(publication.time);
        if (!old || !hasSameBody(old, row)) this.#say(publication.body);
        if (old?.draft?.state !== draft?.state || old?.draft?.error !== draft?.error) this.#markDraft(draft);
        this.#classes(isFirst, isOwn, draft);
        this.#data(row);
    }

    /** A grouped message says who and when to those who do not see the group. */
    #name(publication, isFirst) {
        const { name, initials, tint } = knownName(publication);
        if (this.#who.textContent !== name) this.#who.textContent = name;
        this.#head.className = isFirst ? "head" : "head unseen";
        if (!isFirst) {
            this.#avatar?.remove();
            this.#avatar = undefined;
            return;
        }
        if (!this.#avatar) {
            this.#avatar = element("span");
            this.#avatar.setAttribute("aria-hidden", "true");
            this.element.prepend(this.#avatar);
        }
        this.#avatar.className = `avatar tint-${tint}`;
        this.#avatar.textContent = initials;
    }

    #clock(time) {
        this.#time.dateTime = isTime(time) ? new Date(time).toISOString() : "";
        this.#time.textContent = this.#labels.clock(time);
        this.#time.title = this.#labels.full(time);
    }

    #say(body) {
        const { text, isData, isLong, part } = textOf(body);
        // Without a letter it has no direction of its own: emoji stand where the sender's name does.
        if (/\p{L}/u.test(text)) this.#text.dir = "auto";
        else this.#text.removeAttribute("dir");
        this.#show(part, isData);
        this.#text.classList.toggle("clamped", isLong);
        this.#more?.remove();
        this.#more = undefined;
        if (!isLong) return;
        const expand = () => {
            const hadFocus = this.#more === document.activeElement;
            this.#more?.remove();
            this.#more = undefined;
            this.#text.removeEventListener("focusin", expand);
            this.#text.classList.remove("clamped");
            if (text !== part) this.#show(text, isData);
            if (hadFocus) this.#focusText();
        };
        this.#more = button("more", "Show all", expand);
        this.#text.after(this.#more);
        // A link in the part that is not shown was reached with the keyboard.
        this.#text.addEventListener("focusin", expand);
    }

    #show(text, isData) {
        if (!isData) return this.#text.replaceChildren(richText(text));
        const block = element("pre", "data");
        block.append(element("code", "", text));
        this.#text.replaceChildren(block);
    }

    /** The button that had the focus is gone. */
    #focusText() {
        this.#text.tabIndex = -1;
        this.#text.focus({ preventScroll: true });
    }

    #markDraft(draft) {
        this.#mark?.remove();
        this.#draftActions?.remove();
        this.#mark = this.#draftActions = undefined;
        if (!draft) return;
        const isFailed = draft.state === "failed";
        const { sentence, mayRetry } = draftFailure(draft, performance.timeOrigin);
        this.#mark = element("span", "mark", isFailed ? sentence : marks[draft.state] ?? "");
        this.element.append(this.#mark);
        if (!isFailed) return;
        this.#draftActions = element("div", "actions");
        const retry = () => this.#actions.retry(this.#row?.draft);
        if (mayRetry) this.#draftActions.append(button("retry", "Try again", retry));
        this.#draftActions.append(
            button("discard", "Discard", () => this.#actions.discard(this.#row?.draft)));
        this.element.append(this.#draftActions);
    }

    #classes(isFirst, isOwn, draft) {
        const { classList } = this.element;
        classList.toggle("first", isFirst);
        classList.toggle("own", isOwn);
        classList.toggle("draft", draft !== undefined);
        for (const state of ["waiting", "sending", "sent", "failed"]) {
            classList.toggle(state, draft?.state === state);
        }
    }

    /** @param {MessageRow} row */
    #data({ position, publication, draft }) {
        const { dataset } = this.element;
        const facts = {
            user: publication.user,
            offset: publication.offset === undefined || draft ? undefined : String(position),
            clientId: draft?.clientId,
            state: draft?.state,
        };
        for (const [name, value] of Object.entries(facts)) {
            if (value === undefined) delete dataset[name];
            else dataset[name] = value;
        }
    }
}

function isSame(old, row) {
    return old.isFirst === row.isFirst && old.isOwn === row.isOwn && old.draft === row.draft
        && old.publication.name === row.publication.name && old.publication.user === row.publication.user
        && (row.draft !== undefined || old.publication === row.publication);
}

/** A draft and its publication say the same, byte for byte. */
function hasSameBody(old, row) {
    return old.publication === row.publication || old.draft !== undefined;
}
