// Reading the past: one page at a time at each end, and an end to asking where it brings nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HistoryReader } from "../../Sources/BrowserClient/Assets/page/history-reader.js";
import { Timeline } from "../../Sources/BrowserClient/Assets/page/timeline.js";
import { said, settle } from "./world.mjs";

/** A room whose window is empty at its end, 500; what was asked for, to be answered. */
function opened() {
    const asked = [];
    const history = (room, range) => new Promise((resolve, reject) => asked.push({ range, resolve, reject }));
    const reader = new HistoryReader(history, () => {});
    const timeline = new Timeline("r", { user: "ann" });
    timeline.joined({ kind: "stored", epoch: "1", head: 500 });
    timeline.open();
    return { asked, reader, timeline };
}

const page = (publications, more = {}) => ({ epoch: "1", head: 500, more: true, publications, ...more });

test("one page is under way at each end", async () => {
    const { asked, reader, timeline } = opened();
    timeline.open(300);
    for (const side of ["older", "older", "newer", "newer"]) reader.read(timeline, side);
    assert.deepEqual(
        asked.map(({ range }) => range), [{ before: 301, limit: 50 }, { after: 300, limit: 50 }]);
    asked[0].resolve(page([said(300)]));
    await settle();
    reader.read(timeline, "older");
    assert.deepEqual(asked[2].range, { before: 300, limit: 50 });
});

test("what failed is not asked for again by itself, only when it is forgiven", async () => {
    const { asked, reader, timeline } = opened();
    reader.read(timeline, "older");
    asked[0].reject(new Error("No."));
    await settle();
    assert.deepEqual([reader.older.state, reader.older.error?.message], ["failed", "No."]);
    reader.read(timeline, "older");
    assert.equal(asked.length, 1);
    reader.forgive();
    reader.read(timeline, "older");
    assert.equal(asked.length, 2);
});

test("an answer for another room or place changes nothing", async () => {
    const { asked, reader, timeline } = opened();
    reader.read(timeline, "older");
    reader.reset();
    reader.read(timeline, "older");
    asked[0].reject(new Error("No."));
    await settle();
    assert.equal(reader.older.state, "loading");
});

test("a page of another history is not shown, nor what is no page", async () => {
    for (const answer of [page([said(500)], { epoch: "2" }), {}, undefined, { publications: 7 }]) {
        const { asked, reader, timeline } = opened();
        reader.read(timeline, "older");
        asked[0].resolve(answer);
        await settle();
        assert.equal(reader.older.state, "failed");
        assert.equal(timeline.window.length, 0);
    }
});

test("a server that answers nothing of use is asked a few times, and no more", async () => {
    const { asked, reader, timeline } = opened();
    timeline.open(300);
    for (let turn = 0; turn < 10 && reader.newer.state !== "failed"; turn += 1) {
        reader.read(timeline, "newer");
        asked.at(-1).resolve(page([], { head: 200 }));
        await settle();
    }
    assert.equal(reader.newer.state, "failed");
    assert.ok(asked.length < 6);
});
