// What the open room remembers: one bounded window, every offset once and in order, whatever comes when.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Timeline, tailLimit, windowLimit } from "../../Sources/BrowserClient/Assets/page/timeline.js";
import { Timelines } from "../../Sources/BrowserClient/Assets/page/timelines.js";
import { said } from "./world.mjs";

const me = { user: "ann", name: "Ann" };
const pushed = (offset, more = {}) => ({ room: "r", epoch: "1", isLive: true, ...said(offset, more) });
const range = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
const shown = ({ window }) => window.entries.map(({ position }) => position);

/** A timeline that has joined at `head` with the last `tail` publications, and is shown. */
function joined(head, tail = 0, isShown = true) {
    const timeline = new Timeline("r", me);
    if (isShown) timeline.show();
    for (const offset of range(head - tail + 1, head)) timeline.publication(pushed(offset), true);
    timeline.joined({ kind: "stored", epoch: "1", head });
    if (isShown) timeline.open();
    return timeline;
}

/** What a server with the offsets 1 … head, but for those that are gone, answers. */
function page({ before, after }, head, { limit = 100, gone = () => false } = {}) {
    const all = range(1, head).filter((offset) => !gone(offset));
    const wanted = all.filter((offset) => (before === undefined || offset < before) && offset > (after ?? 0));
    const kept = after === undefined ? wanted.slice(-limit) : wanted.slice(0, limit);
    const publications = kept.map((offset) => said(offset));
    return { epoch: "1", head, more: wanted.length > kept.length, publications };
}

function read(timeline, side, head, more) {
    const asked = timeline.range(side);
    return timeline.merge(side, page(asked, head, more), asked, timeline.turn);
}

test("a room opens with what its join brought, and older pages go before it", () => {
    const timeline = joined(500, 60);
    assert.deepEqual(shown(timeline), range(441, 500));
    assert.ok(read(timeline, "older", 500));
    assert.deepEqual(shown(timeline), range(341, 500));
    assert.ok(timeline.hasOlder);
});

test("the beginning is reached by a page that says there is no more", () => {
    const timeline = joined(130, 60);
    read(timeline, "older", 130);
    assert.deepEqual(shown(timeline), range(1, 130));
    assert.equal(timeline.hasOlder, false);
});

test("the window is bounded: what is read at one end leaves at the other", () => {
    const timeline = joined(2000, 60);
    for (let pages = 0; pages < 10; pages += 1) read(timeline, "older", 2000);
    assert.equal(timeline.window.length, windowLimit);
    assert.deepEqual(shown(timeline), range(941, 1340));
    assert.equal(timeline.isAttached, false);
    while (!timeline.isAttached) read(timeline, "newer", 2000);
    assert.deepEqual(shown(timeline), range(1601, 2000));
});

test("who follows the end sees every push, and old ones leave", () => {
    const timeline = joined(0);
    for (const offset of range(1, 5000)) timeline.publication(pushed(offset), true);
    assert.ok(timeline.window.length <= windowLimit);
    assert.deepEqual(shown(timeline), range(5000 - timeline.window.length + 1, 5000));
    assert.ok(timeline.tail.length <= tailLimit);
});

test("who reads further up keeps what he reads; what came meanwhile is there when he comes back", () => {
    const timeline = joined(400, 400);
    read(timeline, "older", 400);
    const before = shown(timeline);
    for (const offset of range(401, 1000)) timeline.publication(pushed(offset), false);
    assert.equal(before[0], shown(timeline)[0]);
    assert.ok(timeline.window.length <= windowLimit);
    assert.equal(timeline.head, 1000);
    while (!timeline.isAttached) read(timeline, "newer", 1000);
    assert.deepEqual(shown(timeline), range(601, 1000));
});

test("a page that comes after a reset, a jump or another room is dropped", () => {
    for (const change of [
        (timeline) => timeline.reset({ epoch: "2", after: 450 }),
        (timeline) => timeline.open(),
        (timeline) => { timeline.close(); timeline.open(); },
    ]) {
        const timeline = joined(500, 60);
        const [asked, { turn }] = [timeline.range("older"), timeline];
        change(timeline);
        const before = shown(timeline);
        assert.equal(timeline.merge("older", page(asked, 500), asked, turn), false);
        assert.deepEqual(shown(timeline), before);
    }
});

test("a page whose edge has moved meanwhile is dropped", () => {
    const timeline = joined(500, 60);
    const asked = timeline.range("older");
    read(timeline, "older", 500);
    assert.equal(timeline.merge("older", page(asked, 500), asked, timeline.turn), false);
    assert.deepEqual(shown(timeline), range(341, 500));
});

test("a reset takes what is void, and its numbers come again", () => {
    const timeline = joined(50, 50);
    timeline.reset({ epoch: "2", after: 40 });
    assert.deepEqual(shown(timeline), range(1, 40));
    timeline.publication(pushed(41, { body: { text: "another" }, epoch: "2" }), true);
    assert.deepEqual(shown(timeline), range(1, 41));
    assert.equal(timeline.epoch, "2");
});

test("publications told twice are shown once", () => {
    const timeline = joined(10, 5);
    for (const offset of [9, 10, 11, 11, 10]) timeline.publication(pushed(offset), true);
    assert.deepEqual(shown(timeline), range(6, 11));
});

test("a room opens around where reading stopped, and both sides are read from there", () => {
    const timeline = joined(1000, 60, false);
    timeline.readUpTo = 300;
    timeline.open(280);
    assert.equal(timeline.firstUnread, undefined);
    read(timeline, "newer", 1000);
    read(timeline, "older", 1000);
    assert.deepEqual(shown(timeline), range(181, 380));
    assert.equal(timeline.firstUnread, 301);
});

test("what we said ourselves is not new to us", () => {
    const timeline = joined(0);
    timeline.readUpTo = 0;
    timeline.publication(pushed(1, { user: "ann" }), true);
    assert.equal(timeline.firstUnread, undefined);
    timeline.publication(pushed(2), true);
    assert.equal(timeline.firstUnread, 2);
});

test("what the archive has deleted is passed over, at both ends", () => {
    const gone = (offset) => offset <= 100 || (offset > 200 && offset <= 350);
    const timeline = joined(500, 60);
    while (timeline.hasOlder) read(timeline, "older", 500, { gone });
    assert.deepEqual(shown(timeline), [...range(101, 200), ...range(351, 500)]);
    timeline.open(200);
    while (!timeline.isAttached) read(timeline, "newer", 500, { gone });
    assert.deepEqual(shown(timeline), range(351, 500));
});

test("a page that brings nothing, though it says there is more, is not asked for for ever", () => {
    const timeline = joined(500, 60);
    const asked = timeline.range("older");
    timeline.merge("older", { epoch: "1", head: 500, more: true, publications: [] }, asked, timeline.turn);
    assert.equal(timeline.hasOlder, false);
    timeline.open(100);
    const next = timeline.range("newer");
    timeline.merge("newer", { epoch: "1", head: 500, more: true, publications: [] }, next, timeline.turn);
    assert.ok(timeline.isAttached);
});

test("a gap that was told leaves a hole; shown, it is read from history", () => {
    const timeline = joined(10, 10);
    timeline.gap({ room: "r", from: 11, to: 20 });
    for (const offset of range(21, 25)) timeline.publication(pushed(offset), true);
    assert.deepEqual(shown(timeline), [...range(1, 10), ...range(21, 25)]);
    assert.ok(timeline.isUntold(11, 20));
    timeline.split(11);
    assert.deepEqual(shown(timeline), range(1, 10));
    read(timeline, "newer", 25);
    assert.deepEqual(shown(timeline), range(1, 25));
    assert.equal(timeline.isUntold(11, 20), false);
});

test("after a gap over everything that was shown, the past is read from history", () => {
    const timeline = joined(57, 20);
    timeline.reset({ epoch: "2", after: 0 });
    timeline.gap({ room: "r", from: 1, to: 57 });
    timeline.publication(pushed(42, { epoch: "2" }), true);
    timeline.joined({ kind: "stored", epoch: "2", head: 42 });
    assert.deepEqual(shown(timeline), [42]);
    assert.ok(timeline.hasOlder);
    read(timeline, "older", 42);
    assert.deepEqual(shown(timeline), range(1, 42));
});

test("a room that may not be read is live from its join on", () => {
    const timeline = joined(500);
    assert.deepEqual(shown(timeline), []);
    assert.ok(timeline.isAttached && timeline.hasOlder);
    timeline.publication(pushed(501), true);
    assert.deepEqual(shown(timeline), [501]);
});

test("of an ephemeral room the last 200 are remembered, shown or not", () => {
    const timeline = new Timeline("r", me);
    timeline.joined({ kind: "ephemeral" });
    timeline.open();
    for (const number of range(1, 300)) {
        timeline.publication({ room: "r", user: "bob", time: number, body: number });
    }
    timeline.close();
    timeline.open();
    assert.deepEqual(timeline.window.entries.map(({ publication }) => publication.body), range(101, 300));
    assert.equal(timeline.hasOlder, false);
});

test("rooms that are not shown stay small; of the thirty shown last more is remembered", () => {
    const timelines = new Timelines(me);
    const names = range(1, 40).map(String);
    for (const name of names) {
        const timeline = timelines.shown(name);
        for (const offset of range(1, 1000)) timeline.publication(pushed(offset), true);
        timeline.joined({ kind: "stored", epoch: "1", head: 1000 });
        timeline.open();
        timeline.close();
    }
    const lengths = names.map((name) => timelines.get(name).tail.length);
    assert.ok(lengths.slice(0, 10).every((length) => length <= 10), `${lengths}`);
    assert.ok(lengths.slice(10).every((length) => length > 10 && length <= 60), `${lengths}`);
    const background = timelines.get("another");
    for (const offset of range(1, 1000)) background.publication(pushed(offset), false);
    assert.ok(background.tail.length <= 10);
    assert.equal(timelines.get("1").head, 1000);
});

test("whatever is read, pushed and jumped to in any order, the window has no hole and nothing twice", () => {
    for (let seed = 1; seed <= 100; seed += 1) play(seed);
});

/** A hundred turns of a reader, with answers that come late. */
function play(seed) {
    let state = seed;
    const random = (limit) => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return Math.floor((state / 2_147_483_648) * limit);
    };
    let head = random(3000);
    const timeline = joined(head, Math.min(head, random(60)));
    const late = [];
    const sides = ["older", "newer"];
    const deeds = [
        () => {
            const side = sides[random(2)];
            const asked = timeline.range(side);
            late.push({ side, asked, turn: timeline.turn, answer: page(asked, head) });
        },
        () => {
            const [{ side, asked, turn, answer } = {}] = late.splice(random(late.length), 1);
            if (side) timeline.merge(side, answer, asked, turn);
        },
        () => {
            const isFollowed = random(2) === 1;
            for (let count = random(150); count > 0; count -= 1) {
                timeline.publication(pushed(++head), isFollowed);
            }
        },
        () => timeline.attach(),
        () => random(10) === 0 && timeline.open(random(2) === 0 ? undefined : random(head + 1)),
    ];
    for (let turn = 0; turn < 100; turn += 1) {
        deeds[random(deeds.length)]();
        const { entries, from, to } = timeline.window;
        const isWhole = entries.length === to - from + 1
            && entries.every(({ position }, index) => position === from + index);
        const isBounded = entries.length <= windowLimit && to <= head;
        assert.ok(isWhole && isBounded, `seed ${seed}, turn ${turn}: ${from} … ${to}`);
    }
}

test("the same note is not said twice at one place", () => {
    const timeline = new Timeline("r", { user: "ann" });
    for (let count = 0; count < 3; count += 1) timeline.note("Too many messages wait.");
    assert.equal(timeline.notes.length, 1);
    timeline.publication({ room: "r", epoch: "1", offset: 1, time: 0, user: "bob", body: "x" }, true);
    timeline.note("Too many messages wait.");
    assert.equal(timeline.notes.length, 2);
});
