// Drafts behind the messages: each turns into its publication where it stands, and is never shown beside it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Timeline } from "../../Sources/BrowserClient/Assets/page/timeline.js";
import { said } from "./world.mjs";

const me = { user: "ann", name: "Ann" };
const written = (clientId, state, more = {}) =>
    ({ room: "r", clientId, body: { text: clientId }, at: 5, state, ...more });
const own = (offset, clientId) => ({ room: "r", isLive: true, ...said(offset, { user: "ann", clientId }) });

function opened(kind = "stored") {
    const timeline = new Timeline("r", me);
    timeline.joined({ kind, epoch: "1", head: 0 });
    timeline.open();
    return timeline;
}

const shown = ({ window, drafts }) => [
    ...window.entries.map(({ key, position }) => `${key}=${position}`),
    ...drafts.all.map(({ clientId, state }) => `${clientId} ${state}`),
];

test("a publication of ours takes its draft's place and row, before the acknowledgement or after it", () => {
    const timeline = opened();
    assert.equal(timeline.draft(written("a", "waiting")), true);
    assert.equal(timeline.draft(written("a", "sending")), false);
    timeline.publication(own(1, "a"), true);
    assert.deepEqual(shown(timeline), ["draft:a=1"]);
    timeline.draft(written("a", "sent", { answer: { offset: 1 } }));
    assert.deepEqual(shown(timeline), ["draft:a=1"]);
    timeline.draft(written("b", "sending"));
    timeline.draft(written("b", "sent", { answer: { offset: 2 } }));
    assert.deepEqual(shown(timeline), ["draft:a=1", "b sent"]);
    timeline.publication(own(2, "b"), true);
    assert.deepEqual(shown(timeline), ["draft:a=1", "draft:b=2"]);
});

test("somebody else's publication with the same client id is not ours", () => {
    const timeline = opened();
    timeline.draft(written("a", "sending"));
    timeline.publication({ ...own(1, "a"), user: "bob" }, true);
    assert.deepEqual(shown(timeline), ["at:1=1", "a sending"]);
});

test("a draft that is tried again after its publication was told is not shown again", () => {
    const timeline = opened();
    timeline.publication(own(1, "a"), true);
    timeline.draft(written("a", "waiting"));
    assert.deepEqual(shown(timeline), ["at:1=1"]);
});

test("a failed draft stays until it is discarded or tried again", () => {
    const timeline = opened();
    timeline.draft(written("a", "failed", { error: new Error("Too large.") }));
    timeline.draft(written("b", "failed", { at: 4 }));
    assert.deepEqual(shown(timeline), ["b failed", "a failed"]);
    timeline.draft(written("a", "waiting"));
    timeline.draft(written("b", "discarded"));
    assert.deepEqual(shown(timeline), ["a waiting"]);
});

test("a draft whose publication never comes goes when one behind it is told", () => {
    const timeline = opened();
    timeline.draft(written("a", "sent", { answer: { offset: 1 } }));
    timeline.publication({ room: "r", ...said(2) }, true);
    assert.deepEqual(shown(timeline), ["at:2=2"]);
});

test("in an ephemeral room what was sent stands where it was sent, and its echo is no second one", () => {
    const timeline = opened("ephemeral");
    timeline.draft(written("a", "sending"));
    timeline.draft(written("a", "sent", { answer: { time: 9 } }));
    timeline.publication({ room: "r", time: 10, user: "bob", body: 1 }, true);
    timeline.publication({ room: "r", time: 9, user: "ann", clientId: "a", body: 1 }, true);
    assert.deepEqual(shown(timeline), ["at:1=1", "at:2=2"]);
    timeline.draft(written("b", "sending"));
    timeline.publication({ room: "r", time: 11, user: "ann", clientId: "b", body: 1 }, true);
    timeline.draft(written("b", "sent", { answer: { time: 11 } }));
    assert.deepEqual(shown(timeline), ["at:1=1", "at:2=2", "draft:b=3"]);
});
