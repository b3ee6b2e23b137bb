import { DayLabels } from "./day-label.js";
import { HistoryReader } from "./history-reader.js";
import { JumpButton } from "./jump-button.js";
import { MessageView } from "./message-view.js";
import { PlainRowView } from "./plain-row-view.js";
import { ReadPlace } from "./read-place.js";
import { followScrollKeys } from "./scroll-keys.js";
import { rowsOf } from "./timeline-rows.js";
import { TimelineView } from "./timeline-view.js";
import { Timelines } from "./timelines.js";

/** Pages are read when less than this is left above or below, in screens. */
const readAhead = 2;
/** What is shown above what is new, in publications. */
const context = 20;
/** A room that answers sooner needs no word of it. */
const slowMs = 400;

/**
 * @typedef {import("./timeline.js").Draft} Draft
 * @typedef {object} ConversationActions
 * @property {(room: string, range: {before?: number, after?: number, limit: number}) => Promise<any>} history
 * @property {(draft: Draft) => void} retry
 * @property {(draft: Draft) => void} discard
 * @property {(room: string, offset: number) => void} seen the highest offset that was on the screen
 */

/** The messages of the open room, and what is to be remembered of the others. */
export class Conversation {
    #view;
    #jump;
    #actions;
    #reader;
    #labels = new DayLabels();
    #who = { user: undefined, name: undefined };
    #timelines = new Timelines(this.#who);
    /** @type {import("./timeline.js").Timeline | undefined} */
    #shown;
    #shownSince = 0;
    /** Where reading stopped when the room was shown. @type {{epoch: string, offset: number} | undefined} */
    #readUpTo;
    #place = new ReadPlace();
    /** Where the screen is to be, as soon as there is something to show.
     * @type {"unread" | "start" | undefined} */
    #opening;
    #isScheduled = false;
    /** Somebody looked away, and nothing came since. */
    #isAway = document.visibilityState !== "visible";

    /** @param {{scroller: HTMLElement, jump: HTMLElement}} elements
     * @param {ConversationActions} actions */
    constructor({ scroller, jump }, actions) {
        this.#actions = actions;
        this.#jump = new JumpButton(jump, scroller, () => this.toEnd());
        this.#reader = new HistoryReader(actions.history, () => this.#schedule());
        this.#view = new TimelineView(scroller, (row) => this.#make(row), () => this.#schedule());
        followScrollKeys(scroller, this);
        document.addEventListener("visibilitychange", () => {
            this.#isAway = document.visibilityState !== "visible";
            if (!this.#isAway) this.#returned();
            this.#schedule();
        });
    }

    /** Who we are: our messages are marked, and stand for our drafts. */
    set user(user) {
        this.#who.user = user;
        this.#schedule();
    }

    /** What we are called, for our drafts. */
    get name() {
        return this.#who.name;
    }

    set name(name) {
        this.#who.name = name;
        this.#schedule();
    }

    /** Shows a room, at its end or where reading stopped.
     * @param {string} room
     * @param {{readUpTo?: {epoch: string, offset: number}}} options */
    show(room, { readUpTo }) {
        if (this.#shown?.room === room) return;
        this.#hide();
        this.#shown = this.#timelines.shown(room);
        this.#shownSince = Date.now();
        this.#readUpTo = readUpTo;
        this.#open();
        this.#schedule();
        setTimeout(() => this.#schedule(), slowMs);
    }

    /** Remembers nothing of a room.
     * @param {string} room */
    forget(room) {
        if (this.#shown?.room === room) this.#hide();
        this.#timelines.forget(room);
        this.#schedule();
    }

    /** @param {{room: string, kind: "stored" | "ephemeral", epoch?: string, head?: number}} joined */
    joined(joined) {
        const timeline = this.#timelines.get(joined.room);
        timeline.joined(joined);
        if (timeline !== this.#shown) return;
        this.#reader.forgive();
        this.#open();
        this.#schedule();
    }

    /** @param {import("./stretch.js").Publication} publication in any room we are in */
    publication(publication) {
        const timeline = this.#timelines.get(publication.room);
        const isShown = timeline === this.#shown;
        if (isShown && this.#isAway && !timeline.isOwn(publication)) this.#stayedAway();
        timeline.publication(publication, isShown && this.#view.isFollowing);
        if (isShown) this.#schedule();
    }

    /** @param {{room: string, from?: number, to?: number}} gap */
    gap(gap) {
        this.#timelines.get(gap.room).gap(gap);
        if (gap.room === this.#shown?.room) this.#schedule();
    }

    /** @param {{room: string, epoch: string, after: number}} reset */
    reset(reset) {
        const timeline = this.#timelines.get(reset.room);
        timeline.reset(reset);
        if (timeline !== this.#shown) return;
        this.#place.cut(reset.after);
        this.#reader.reset();
        this.#schedule();
    }

    /** @param {Draft} draft */
    draft(draft) {
        const timeline = this.#timelines.get(draft.room);
        const isNew = timeline.draft(draft);
        if (timeline !== this.#shown) return;
        this.#schedule();
        // What was kept from an earlier visit does not say that somebody writes.
        if (!isNew || draft.at < this.#shownSince) return;
        timeline.readUpTo = undefined;
        this.toEnd();
    }

    /** A sentence between the messages.
     * @param {string} room
     * @param {string} sentence */
    note(room, sentence) {
        this.#timelines.get(room).note(sentence);
        this.#schedule();
    }

    /** Shows the newest. */
    toEnd() {
        if (!this.#shown) return;
        if (this.#shown.window && !this.#shown.isAttached) {
            this.#shown.open();
            this.#reader.reset();
        }
        this.#opening = undefined;
        this.#view.follow();
        this.#schedule();
    }

    /** Shows the beginning. */
    toStart() {
        if (!this.#shown?.window) return;
        if (this.#shown.hasOlder) {
            this.#shown.open(0);
            this.#reader.reset();
        }
        this.#opening = "start";
        this.#schedule();
    }

    #hide() {
        this.#shown?.close();
        this.#shown = undefined;
        this.#reader.reset();
        this.#view.clear();
        this.#jump.hide();
    }

    /** Makes the window of the shown room, as soon as there is something to make it of. */
    #open() {
        const timeline = this.#shown;
        if (!timeline?.isJoined || timeline.window) return;
        const { epoch, offset } = this.#readUpTo ?? {};
        const isKnown = offset !== undefined && epoch === timeline.epoch && offset <= timeline.head;
        this.#place.start(isKnown ? offset : timeline.head);
        timeline.readUpTo = isKnown && offset < timeline.head ? offset : undefined;
        const isFar = timeline.readUpTo !== undefined && timeline.tail.from > offset + 1;
        timeline.open(isFar ? Math.max(0, offset - context) : undefined);
        this.#opening = "unread";
    }

    /** The first of what comes while nobody looks. */
    #stayedAway() {
        this.#isAway = false;
        const { isAttached, head } = this.#shown;
        if (isAttached && this.#place.unseen(head) === 0) this.#shown.readUpTo = head;
    }

    /** Somebody looks again: what came meanwhile begins at the divider, as in a room that is opened. */
    #returned() {
        const timeline = this.#shown;
        if (!timeline?.isAttached || !this.#view.isFollowing) return;
        const { readUpTo, head, window } = timeline;
        if (readUpTo === undefined || readUpTo === head || !this.#place.isUnseen(readUpTo + 1)) return;
        if (window.from > readUpTo + 1 && timeline.kind === "stored") {
            timeline.open(Math.max(0, readUpTo - context));
            this.#reader.reset();
        }
        this.#opening = "unread";
    }

    #schedule() {
        if (this.#isScheduled) return;
        this.#isScheduled = true;
        requestAnimationFrame(() => {
            this.#isScheduled = false;
            this.#render();
        });
    }

    #render() {
        const timeline = this.#shown;
        if (!timeline) return;
        const now = Date.now();
        const { older, newer } = this.#reader;
        const isSlow = now - this.#shownSince >= slowMs;
        const rows = rowsOf(timeline, this.#who, { older, newer, isSlow }, this.#labels, now);
        this.#view.render(rows, isAtLiveEnd(timeline));
        if (this.#opening && timeline.window?.length > 0) {
            if (this.#opening === "start") this.#view.toStart();
            else this.#view.toEndOrTo("divider");
            this.#opening = undefined;
        }
        this.#readOn(timeline);
        this.#lookAtSeen(timeline);
        this.#showJump(timeline);
    }

    /** Reads what will soon be scrolled to. */
    #readOn(timeline) {
        const { above, below, screen } = this.#view.extent;
        // What is new comes first: the screen is placed by it.
        const isPlacing = this.#opening && !timeline.isAttached && this.#reader.newer.state !== "failed";
        if (timeline.hasOlder && above < readAhead * screen && !isPlacing) {
            this.#reader.read(timeline, "older");
        }
        if (isAtLiveEnd(timeline) || below >= readAhead * screen) return;
        if (timeline.attach()) this.#schedule();
        else this.#reader.read(timeline, "newer");
    }

    #lookAtSeen(timeline) {
        if (document.visibilityState !== "visible" || !timeline.window) return;
        const last = this.#view.lastOnScreen((row) => row.kind === "message" && row.position !== undefined);
        if (last === undefined || !this.#place.saw(last.position)) return;
        if (timeline.kind === "stored") this.#actions.seen(timeline.room, last.position);
    }

    #showJump(timeline) {
        const { below, screen } = this.#view.extent;
        const unseen = this.#place.unseen(timeline.head);
        const isNear = this.#view.isFollowing || (below < screen / 2 && unseen === 0);
        if (isAtLiveEnd(timeline) && isNear) this.#jump.hide();
        else this.#jump.show(unseen);
    }

    /** @param {import("./timeline-rows.js").Row} row */
    #make(row) {
        if (row.kind === "message") return new MessageView(this.#labels, this.#actions);
        return new PlainRowView((pressed) => this.#act(pressed));
    }

    /** What the button of a note does. */
    #act(row) {
        if (row.kind === "hole") {
            this.#shown.split(row.from);
            this.#reader.reset();
        } else {
            this.#reader.forgive();
        }
        this.#schedule();
    }
}

/** Whether what stands last is the newest. */
function isAtLiveEnd(timeline) {
    return timeline.isAttached || timeline.window === undefined;
}
