// What is unread is a difference of offsets; the marks are one user's, and all tabs share them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Kept } from "../../Sources/BrowserClient/Assets/page/kept.js";
import { UnreadMarks } from "../../Sources/BrowserClient/Assets/page/unread.js";

class Storage extends Map {
    getItem = (key) => this.get(key) ?? null;
    setItem = (key, value) => void this.set(key, value);
    removeItem = (key) => void this.delete(key);
}

function marks(storage = new Storage(), user = "ann") {
    const unread = new UnreadMarks(new Kept(storage), () => {});
    unread.identify(user);
    return { unread, storage };
}

test("a room that was never read here begins as read", () => {
    const { unread } = marks();
    unread.said("lobby", 9000);
    assert.equal(unread.count("lobby"), 0);
    unread.stands("lobby", "e", 9000);
    assert.equal(unread.count("lobby"), 0);
    assert.deepEqual(unread.readUpTo("lobby"), { epoch: "e", offset: 9000 });
});

test("what is said and not seen counts; what was seen no longer, and never backwards", () => {
    const { unread } = marks();
    unread.stands("lobby", "e", 10);
    unread.stands("news", "e", 0);
    unread.said("lobby", 11);
    unread.said("lobby", 12);
    unread.said("news", 1);
    assert.deepEqual([unread.count("lobby"), unread.count("news"), unread.total], [2, 1, 3]);
    unread.seen("lobby", 12);
    unread.seen("lobby", 11);
    assert.deepEqual([unread.count("lobby"), unread.total], [0, 1]);
});

test("marks last over a reload, for that user only", () => {
    const { storage, unread } = marks();
    unread.stands("lobby", "e", 10);
    const { unread: later } = marks(storage);
    later.stands("lobby", "e", 14);
    assert.equal(later.count("lobby"), 4);
    const { unread: other } = marks(storage, "bob");
    other.stands("lobby", "e", 14);
    assert.equal(other.count("lobby"), 0);
});

test("who we are may be told late: the marks are read then", () => {
    const { storage, unread } = marks();
    unread.stands("lobby", "e", 10);
    const late = new UnreadMarks(new Kept(storage), () => {});
    late.said("lobby", 12);
    late.identify("ann");
    late.stands("lobby", "e", 12);
    assert.equal(late.count("lobby"), 2);
});

test("what another tab has seen is seen here, and an older mark of it changes nothing", () => {
    const { storage, unread } = marks();
    const { unread: other } = marks(storage);
    for (const tab of [unread, other]) tab.stands("lobby", "e", 10);
    for (const tab of [unread, other]) tab.said("lobby", 11);
    other.seen("lobby", 11);
    const key = [...storage.keys()].find((key) => key.includes("lobby"));
    unread.stored(key);
    assert.equal(unread.count("lobby"), 0);
    storage.set(key, "e 3");
    unread.stored(key);
    assert.equal(unread.count("lobby"), 0);
});

test("after a reset, and in another epoch, no mark lies above the head", () => {
    const { storage, unread } = marks();
    unread.stands("lobby", "e", 10);
    unread.reset("lobby", "f", 7);
    unread.said("lobby", 8);
    assert.deepEqual([unread.count("lobby"), unread.readUpTo("lobby")], [1, { epoch: "f", offset: 7 }]);
    const { unread: later } = marks(storage);
    later.stands("lobby", "g", 5);
    assert.deepEqual([later.count("lobby"), later.readUpTo("lobby")], [0, { epoch: "g", offset: 5 }]);
});

test("an ephemeral room has no offsets: what is said is counted until it is shown", () => {
    const { unread, storage } = marks();
    unread.stands("cursor:1", undefined);
    unread.said("cursor:1", undefined);
    unread.said("cursor:1", undefined);
    assert.equal(unread.count("cursor:1"), 2);
    unread.seen("cursor:1");
    assert.deepEqual([unread.count("cursor:1"), storage.size], [0, 0]);
});

test("a room that was left leaves nothing behind", () => {
    const { unread, storage } = marks();
    unread.stands("lobby", "e", 1);
    unread.said("lobby", 2);
    unread.forget("lobby");
    assert.deepEqual([unread.total, storage.size], [0, 0]);
});

test("no storage, a full one and nonsense in it do no harm", () => {
    const broken = { getItem: () => "no mark at all", setItem: () => { throw new Error("full"); } };
    for (const storage of [undefined, broken]) {
        const { unread } = marks(storage);
        unread.stands("lobby", "e", 3);
        unread.said("lobby", 4);
        assert.equal(unread.count("lobby"), 1);
    }
});
