// What stands between the messages of the open room: days, groups, the divider, holes, notes and edges.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DayLabels } from "../../Sources/BrowserClient/Assets/page/day-label.js";
import { rowsOf } from "../../Sources/BrowserClient/Assets/page/timeline-rows.js";
import { Timeline } from "../../Sources/BrowserClient/Assets/page/timeline.js";

const me = { user: "ann", name: "Ann" };
const labels = new DayLabels("en-GB", "UTC");
const now = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;
const idle = { older: { state: "idle" }, newer: { state: "idle" } };
const pushed = (offset, more = {}) => ({
    room: "r", epoch: "1", offset, time: now + offset, user: "bob", name: "Bob", body: { text: "x" }, ...more,
});

function joined(publications, head = publications.at(-1)?.offset ?? 0, kind = "stored") {
    const timeline = new Timeline("r", me);
    timeline.show();
    for (const publication of publications) timeline.publication(publication, true);
    timeline.joined({ kind, epoch: "1", head });
    timeline.open();
    return timeline;
}

/** Messages as their offset with a `+` where they begin a group, all else as its kind and text. */
function lines(timeline, readings = idle, who = me) {
    return rowsOf(timeline, who, readings, labels, now).map((row) => {
        if (row.kind !== "message") return [row.kind, row.text, row.action].filter(Boolean).join(": ");
        const what = row.draft ? `${row.draft.clientId} ${row.draft.state}` : `${row.position}`;
        return `${what}${row.isFirst ? "+" : ""}${row.isOwn ? " own" : ""}`;
    });
}

test("messages of one sender within five minutes are one group", () => {
    const timeline = joined([
        pushed(1), pushed(2, { time: now + 4 * minute }), pushed(3, { time: now + 10 * minute }),
        pushed(4, { time: now + 11 * minute, name: "Robert" }),
        pushed(5, { time: now + 11 * minute, user: "ann", name: "Robert" }),
    ]);
    assert.deepEqual(lines(timeline).slice(2), ["1+", "2", "3+", "4+", "5+ own"]);
});

test("each day has its name, and begins a group", () => {
    const day = 86_400_000;
    const timeline = joined([
        pushed(1, { time: now - 400 * day }), pushed(2, { time: now - day }),
        pushed(3, { time: Date.UTC(2026, 10, 20, 23, 59) }),
        pushed(4, { time: Date.UTC(2026, 10, 21, 0, 1) }),
    ]);
    assert.deepEqual(lines(timeline), [
        "beginning: This is the beginning of r.", "day: Friday, 17 October 2025", "1+", "day: Yesterday",
        "2+", "3+", "day: Today", "4+",
    ]);
});

test("a day that comes again, for clocks differ, has another key", () => {
    const day = 86_400_000;
    const timeline = joined([pushed(1), pushed(2, { time: now - day }), pushed(3)]);
    const keys = rowsOf(timeline, me, idle, labels, now).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
});

test("a time that no calendar has stops nothing", () => {
    for (const time of [1e300, NaN, "noon", undefined, null]) {
        assert.deepEqual(lines(joined([pushed(1, { time })])).slice(1), ["1+"]);
    }
});

test("the divider stands above the first unread message of others", () => {
    const timeline = joined([pushed(1), pushed(2, { user: "ann" }), pushed(3), pushed(4)]);
    timeline.readUpTo = 1;
    assert.deepEqual(lines(timeline).slice(2), ["1+", "2+ own", "divider: New messages", "3+", "4"]);
    timeline.readUpTo = undefined;
    assert.deepEqual(lines(timeline).slice(2), ["1+", "2+ own", "3+", "4"]);
});

test("the divider is not shown where the first unread message may lie above the window", () => {
    const timeline = joined([pushed(50), pushed(51)]);
    timeline.readUpTo = 10;
    assert.ok(!lines(timeline).some((line) => line.startsWith("divider")));
});

test("a hole says how much is missing, and what is only untold can be shown", () => {
    const timeline = joined([pushed(1), pushed(2), pushed(4)]);
    assert.deepEqual(
        lines(timeline).slice(2), ["1+", "2", "hole: One message is no longer kept here.", "4+"]);
    timeline.gap({ room: "r", from: 5, to: 9 });
    timeline.publication(pushed(10), true);
    assert.deepEqual(lines(timeline).slice(-2), ["hole: 5 messages are missing here.: Show", "10+"]);
});

test("a gap without an end is a note where it was told", () => {
    const timeline = joined([pushed(1)]);
    timeline.gap({ room: "r" });
    timeline.publication(pushed(2), true);
    assert.deepEqual(lines(timeline).slice(2), ["1+", "note: Some messages are missing here.", "2+"]);
});

test("the beginning is called so; where older ones were deleted it is said", () => {
    assert.equal(lines(joined([pushed(1)]))[0], "beginning: This is the beginning of r.");
    const timeline = joined([pushed(9)]);
    const asked = timeline.range("older");
    timeline.merge("older", { publications: [], more: false, head: 9, epoch: "1" }, asked, timeline.turn);
    assert.equal(lines(timeline)[0], "beginning: What was said in r before this is no longer kept.");
});

test("an empty room says so, and nothing before it is known to be empty", () => {
    assert.deepEqual(lines(joined([])), ["empty: Nobody has said anything here yet."]);
    const timeline = new Timeline("r", me);
    assert.deepEqual(lines(timeline), []);
    const busy = joined([]);
    busy.draft({ room: "r", clientId: "a", body: {}, at: now, state: "sending" });
    assert.deepEqual(lines(busy), ["day: Today", "a sending+ own"]);
});

test("an ephemeral room says that nothing is kept", () => {
    const timeline = joined([], 0, "ephemeral");
    assert.match(lines(timeline)[0], /^beginning: Nothing said here is kept/);
});

test("the edge of the past says why it goes no further", () => {
    const timeline = joined([pushed(50)]);
    const top = (older) => lines(timeline, { ...idle, older })[0];
    assert.equal(top({ state: "loading" }), "edge: Loading older messages …");
    const forbidden = Object.assign(new Error("No."), { name: "forbidden" });
    assert.equal(top({ state: "failed", error: forbidden }),
        "edge: You cannot read what was said before you came.");
    const unavailable = Object.assign(new Error("No."), { mayRetry: true });
    assert.equal(top({ state: "failed", error: unavailable }),
        "edge: Older messages cannot be read just now.: Try again");
    assert.equal(top({ state: "failed", error: new Error("It is so.") }),
        "edge: Older messages cannot be read: It is so.: Try again");
});

test("drafts and notes stand at the live end only", () => {
    const timeline = joined([pushed(50)]);
    timeline.draft({ room: "r", clientId: "a", body: {}, at: now + minute, state: "failed" });
    timeline.note("Ann was here.");
    assert.deepEqual(lines(timeline).slice(-3), ["50+", "note: Ann was here.", "a failed+ own"]);
    timeline.open(10);
    assert.deepEqual(lines(timeline), ["edge: Loading older messages …", "edge: Loading newer messages …"]);
});

test("a draft is called as its publication will be, and goes on a group of ours", () => {
    const timeline = joined([pushed(1, { user: "ann", name: "Ann" })]);
    timeline.draft({ room: "r", clientId: "a", body: {}, at: now + minute, state: "sending" });
    for (const who of [me, { user: "ann", name: undefined }]) {
        assert.deepEqual(lines(timeline, idle, who).slice(2), ["1+ own", "a sending own"]);
    }
});

test("a room that has not answered yet says so after a moment, and no longer when it has", () => {
    const timeline = new Timeline("r", me);
    timeline.show();
    assert.deepEqual(lines(timeline), []);
    assert.deepEqual(lines(timeline, { ...idle, isSlow: true }), ["loading: Loading …"]);
    timeline.joined({ kind: "stored", epoch: "1", head: 0 });
    timeline.open();
    const shown = lines(timeline, { ...idle, isSlow: true });
    assert.deepEqual(shown, ["empty: Nobody has said anything here yet."]);
});
