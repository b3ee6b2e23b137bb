import { isTime } from "./day-label.js";
import { balanced } from "./displayed-text.js";
import { draftKey } from "./drafts.js";

/** One group goes on for this long after its last message. */
const groupMs = 300_000;

/**
 * @typedef {{state: "idle" | "loading" | "failed", error?: Error}} Reading
 * @typedef {{key: string, kind: "day" | "divider" | "note" | "hole" | "edge" | "beginning" | "empty"
 *     | "loading",
 *     text: string, from?: number, position?: undefined, side?: "older" | "newer", action?: string}} PlainRow
 * @typedef {{key: string, kind: "message", position?: number, publication: any, draft?: any,
 *     isFirst: boolean, isOwn: boolean}} MessageRow
 * @typedef {PlainRow | MessageRow} Row
 * @typedef {{older: Reading, newer: Reading, isSlow?: boolean}} Readings `isSlow`: whoever looks has waited
 *     for a moment
 */

/** What the open room shows, from top to bottom: its window with days, holes, notes and the divider between,
 * the drafts behind the live end, and what is to be said at the edges.
 * @param {import("./timeline.js").Timeline} timeline
 * @param {{user?: string, name?: string}} who we are
 * @param {Readings} readings how the reading of history fares
 * @param {import("./day-label.js").DayLabels} labels
 * @param {number} now
 * @returns {Row[]} */
export function rowsOf(timeline, who, readings, labels, now) {
    const maker = new RowMaker(timeline, labels, now);
    maker.top(readings);
    for (const entry of timeline.window?.entries ?? []) maker.entry(entry);
    if (timeline.window && !timeline.isAttached) maker.bottom(readings.newer);
    else maker.end(who);
    return maker.rows;
}

class RowMaker {
    /** @type {Row[]} */
    rows = [];
    #timeline;
    #labels;
    #now;
    #notes;
    #firstUnread;
    #days = new Set();
    #lastDay = "";
    /** The message above. */
    #last;
    #lastPosition;

    constructor(timeline, labels, now) {
        this.#timeline = timeline;
        this.#labels = labels;
        this.#now = now;
        this.#notes = [...timeline.notes];
        this.#firstUnread = timeline.firstUnread;
    }

    /** @param {Readings} readings */
    top({ older, isSlow }) {
        const { window, kind, room, hasOlder, isJoined } = this.#timeline;
        if (!isJoined && isSlow) this.#plain("loading", "Loading …");
        if (!window || !isJoined) return;
        if (kind === "ephemeral") {
            return this.#plain("beginning", "Nothing said here is kept: who comes later does not see it.");
        }
        if (hasOlder) return this.#edge("older", older);
        const [first] = window.entries;
        if (!first) return;
        this.#plain("beginning", first.position > 1
            ? `What was said in ${balanced(room)} before this is no longer kept.`
            : `This is the beginning of ${balanced(room)}.`);
    }

    entry({ key, position, publication }) {
        this.#notesUpTo(position - 1);
        this.#hole(position);
        this.#lastPosition = position;
        this.#day(publication.time);
        if (position === this.#firstUnread) {
            this.#plain("divider", "New messages");
            this.#last = undefined;
        }
        const isOwn = this.#timeline.isOwn(publication);
        this.#message({ key, kind: "message", position, publication, isOwn });
    }

    bottom(reading) {
        this.#notesUpTo(this.#timeline.window.to);
        this.#edge("newer", reading);
    }

    end(who) {
        this.#notesUpTo(Infinity);
        for (const draft of this.#timeline.drafts.all) {
            this.#day(draft.at);
            const { clientId, body, at } = draft;
            const publication = { ...this.#nameFor(who), clientId, body, time: at };
            this.#message({ key: draftKey(clientId), kind: "message", publication, draft, isOwn: true });
        }
        const { window, isJoined, hasOlder, drafts } = this.#timeline;
        if (window?.length !== 0 || !isJoined || hasOlder || drafts.all.length > 0) return;
        this.#plain("empty", "Nobody has said anything here yet.");
    }

    /** What a draft's publication will be called by: what we are called, or were when we last spoke. */
    #nameFor({ user, name }) {
        if (name !== undefined) return { user, name };
        const own = this.#timeline.tail?.entries.findLast(({ publication }) => publication.user === user);
        return { user, name: own?.publication.name };
    }

    #message(row) {
        const last = this.#last;
        const { user, name, time } = row.publication;
        const goesOn = last !== undefined && last.user === user && last.name === name
            && Math.abs(time - last.time) <= groupMs;
        this.rows.push({ ...row, isFirst: !goesOn });
        this.#last = row.publication;
    }

    #day(time) {
        if (!isTime(time)) return;
        const day = this.#labels.dayOf(time);
        if (this.#lastDay === day) return;
        this.#lastDay = day;
        // Clocks of servers differ: a day may come again.
        let key = `day:${day}`;
        while (this.#days.has(key)) key += "+";
        this.#days.add(key);
        this.#push({ key, kind: "day", text: this.#labels.day(time, this.#now) });
    }

    #hole(position) {
        const from = this.#lastPosition === undefined ? position : this.#lastPosition + 1;
        if (position <= from || this.#timeline.kind === "ephemeral") return;
        const to = position - 1;
        const which = from === to ? "One message is" : `${(to - from + 1).toLocaleString()} messages are`;
        const isUntold = this.#timeline.isUntold(from, to);
        const text = isUntold ? `${which} missing here.` : `${which} no longer kept here.`;
        this.#push({ key: `hole:${from}`, kind: "hole", text, from, action: isUntold ? "Show" : undefined });
    }

    #notesUpTo(position) {
        while (this.#notes.length > 0 && this.#notes[0].after <= position) {
            const { key, sentence } = this.#notes.shift();
            this.#push({ key, kind: "note", text: sentence });
        }
    }

    /** @param {"older" | "newer"} side
     * @param {Reading} reading */
    #edge(side, { state, error }) {
        const key = `edge:${side}`;
        if (state !== "failed") {
            return this.#push({ key, kind: "edge", side, text: `Loading ${side} messages …` });
        }
        const isForbidden = error?.name === "forbidden";
        const text = isForbidden ? "You cannot read what was said before you came."
            : sentenceFor(side, error);
        this.#push({ key, kind: "edge", side, text, action: isForbidden ? undefined : "Try again" });
    }

    #plain(kind, text) {
        this.#push({ key: kind, kind, text });
    }

    /** Something stands between messages: the next one begins a group. */
    #push(row) {
        this.rows.push(row);
        this.#last = undefined;
    }
}

function sentenceFor(side, error) {
    const which = side === "older" ? "Older" : "Newer";
    if (error?.mayRetry) return `${which} messages cannot be read just now.`;
    return `${which} messages cannot be read: ${error?.message ?? "the answer was of no use."}`;
}
