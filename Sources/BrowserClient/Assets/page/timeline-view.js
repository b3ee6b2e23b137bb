/** How near to the end counts as being there, in pixels. */
const nearEnd = 30;
/** A row counts as seen when this much of it is on screen, or all of it. */
const seenHeight = 24;
/** Where the divider stands when a room opens there: this far down the screen. */
const dividerPlace = 0.2;
/** So long the rest of an animation, begun by a key before, does not lead away from the end again. */
const holdMs = 250;

/** @typedef {import("./timeline-rows.js").Row} Row
 * @typedef {{element: HTMLElement, update: (row: any) => void}} RowView
 * @typedef {{row: Row, view: RowView}} Shown */

/** The rows in their scroller. What stays on the page is never made anew, and stays where it is on the screen
 * whatever comes, goes or grows around it; who is at the end stays at the end. */
export class TimelineView {
    /** Whether what is new is scrolled to. */
    isFollowing = true;
    #isEnd = true;
    #scroller;
    #list;
    #make;
    /** @type {Shown[]} */
    #shown = [];
    /** @type {Map<string, RowView>} */
    #views = new Map();
    /** A row on screen, and where it was when we looked last.
     * @type {{view: RowView, top: number} | undefined} */
    #anchor;
    /** How far it was scrolled when we looked last. */
    #scrolled = 0;
    /** How much further it should have been scrolled: less than a pixel. */
    #owed = 0;
    /** Until then the end is held, by the page's clock. */
    #heldUntil = 0;

    /** @param {HTMLElement} scroller
     * @param {(row: Row) => RowView} make
     * @param {() => void} changed something was scrolled, or has another size */
    constructor(scroller, make, changed) {
        this.#scroller = scroller;
        this.#make = make;
        this.#list = scroller.querySelector("ol") ?? scroller.appendChild(document.createElement("ol"));
        // Only one may keep rows in their places, and not all browsers do.
        scroller.style.overflowAnchor = "none";
        const look = () => {
            this.#settle();
            changed();
        };
        scroller.addEventListener("scroll", look, { passive: true });
        // Who scrolls anew means it.
        for (const type of ["wheel", "touchmove", "pointerdown", "keydown"]) {
            scroller.addEventListener(type, () => (this.#heldUntil = 0), { passive: true });
        }
        const observer = new ResizeObserver(look);
        observer.observe(scroller);
        observer.observe(this.#list);
    }

    /** The height of the screen, what is above it and what is below it. */
    get extent() {
        const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
        const below = Math.max(0, scrollHeight - clientHeight - scrollTop);
        return { screen: clientHeight, above: scrollTop, below };
    }

    /** @param {Row[]} rows from top to bottom
     * @param {boolean} isEnd whether nothing newer than the last of them is known */
    render(rows, isEnd) {
        this.#settle();
        const hadFocus = this.#list.contains(document.activeElement);
        this.#isEnd = isEnd;
        if (!isEnd) this.isFollowing = false;
        const views = new Map();
        for (const row of rows) views.set(row.key, this.#views.get(row.key) ?? this.#make(row));
        const anchor = this.isFollowing ? undefined : this.#survivor(views);
        this.#remove(views);
        this.#place(rows, views);
        this.#views = views;
        this.#shown = rows.map((row) => ({ row, view: views.get(row.key) }));
        if (anchor) this.#moveBy(this.#endOf(anchor.view) - anchor.end);
        else if (this.isFollowing) this.#moveToEnd();
        // Who works with the keyboard must not be thrown back to the top of the page.
        const hasFocus = this.#list.contains(document.activeElement);
        if (hadFocus && !hasFocus) this.#scroller.focus({ preventScroll: true });
        this.#remember();
    }

    /** Another room: what is shown next shares nothing with what was. */
    clear() {
        this.#list.replaceChildren();
        this.#shown = [];
        this.#views.clear();
        this.#anchor = undefined;
        this.#isEnd = true;
        this.isFollowing = true;
    }

    /** Goes to the end with what is rendered next, and stays there: somebody wants it. */
    follow() {
        this.isFollowing = true;
        this.#heldUntil = performance.now() + holdMs;
    }

    /** To the top of what is shown. */
    toStart() {
        this.#leaveEnd();
        this.#scroller.scrollTop = 0;
        this.#remember();
    }

    /** To the end; but if a row of that kind is above the screen then, up to it.
     * @param {string} kind */
    toEndOrTo(kind) {
        this.isFollowing = true;
        this.#moveToEnd();
        this.#remember();
        const place = this.#shown.find(({ row }) => row.kind === kind);
        const top = place ? this.#topOf(place.view) : 0;
        if (top >= 0) return;
        this.#leaveEnd();
        this.#moveBy(top - this.#scroller.clientHeight * dividerPlace);
        this.#remember();
    }

    /** The last row on screen for which `isWanted` holds.
     * @param {(row: Row) => boolean} isWanted
     * @returns {Row | undefined} */
    lastOnScreen(isWanted) {
        const end = this.#scroller.clientHeight + 1;
        let last;
        for (let index = this.#firstBelow(0); index < this.#shown.length; index += 1) {
            const { row, view } = this.#shown[index];
            if (this.#topOf(view) >= end) break;
            if (isWanted(row) && this.#isSeen(view, end)) last = row;
        }
        return last;
    }

    #leaveEnd() {
        this.isFollowing = false;
        this.#heldUntil = 0;
    }

    #isSeen(view, end) {
        return this.#topOf(view) + Math.min(view.element.offsetHeight, seenHeight) <= end;
    }

    /** Takes in what happened since we looked last: scrolling is what somebody wanted; all else that moved
     * the anchor is undone. */
    #settle() {
        const { scrollTop } = this.#scroller;
        const moved = scrollTop - this.#scrolled;
        const { below } = this.extent;
        if (below <= 1) this.isFollowing = this.#isEnd;
        else if (moved < 0) this.isFollowing &&= performance.now() < this.#heldUntil;
        else if (moved > 0 && below < nearEnd) this.isFollowing = this.#isEnd;
        if (this.isFollowing) this.#moveToEnd();
        else if (this.#anchor) this.#moveBy(this.#topOf(this.#anchor.view) - (this.#anchor.top - moved));
        this.#remember();
    }

    /** The first row on screen that stays, or else the last one above it. Its end has to stay where it is: by
     * what comes before it a row may get a head, or lose it. */
    #survivor(views) {
        const start = this.#firstBelow(0);
        const stays = ({ row, view }) => views.get(row.key) === view;
        const messages = ({ row }) => row.kind === "message";
        const candidates = [...this.#shown.slice(start), ...this.#shown.slice(0, start).reverse()];
        const found = candidates.find((shown) => stays(shown) && messages(shown)) ?? candidates.find(stays);
        return found && { view: found.view, end: this.#endOf(found.view) };
    }

    #remove(views) {
        for (const [key, { element }] of this.#views) if (!views.has(key)) element.remove();
    }

    #place(rows, views) {
        let next = this.#list.firstElementChild;
        for (const row of rows) {
            const view = views.get(row.key);
            view.update(row);
            if (view.element === next) next = next.nextElementSibling;
            else this.#list.insertBefore(view.element, next);
        }
    }

    /** Rows end between pixels and scrolling does not: what is left over is not forgotten, or much would come
     * of little by and by. */
    #moveBy(distance) {
        const wanted = distance + this.#owed;
        const { scrollTop } = this.#scroller;
        if (Math.abs(wanted) >= 0.5) this.#scroller.scrollTop += wanted;
        const left = wanted - (this.#scroller.scrollTop - scrollTop);
        this.#owed = Math.abs(left) < 1 ? left : 0;
    }

    #moveToEnd() {
        const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
        if (scrollHeight - clientHeight - scrollTop >= 1) this.#scroller.scrollTop = scrollHeight;
    }

    #remember() {
        this.#scrolled = this.#scroller.scrollTop;
        const shown = this.#shown[this.#firstBelow(0)];
        this.#anchor = shown && { view: shown.view, top: this.#topOf(shown.view) };
    }

    /** The index of the first row whose end is below `line`, counted from the top of the screen. */
    #firstBelow(line) {
        let [low, high] = [0, this.#shown.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            const { view } = this.#shown[middle];
            if (this.#endOf(view) > line) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /** Where a row begins, counted from the top of the screen. */
    #topOf({ element }) {
        return element.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
    }

    #endOf({ element }) {
        return element.getBoundingClientRect().bottom - this.#scroller.getBoundingClientRect().top;
    }
}
