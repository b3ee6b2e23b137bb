// What the open room shows: in order, bounded, and with its past where one scrolls back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageList } from "../../Sources/BrowserClient/Assets/page/message-list.js";
import { Element } from "./elements.mjs";
import { said, settle } from "./world.mjs";

/** A list, what it shows, and the pages of the past it asked for. */
function shownList() {
    const list = new Element();
    const asked = [];
    const older = (before) => new Promise((resolve) => asked.push({ before, resolve }));
    const messages = new MessageList(list, { older, again: () => {} });
    messages.clear();
    const offsets = () => list.children.map(({ dataset }) => Number(dataset.offset));
    return { list, asked, messages, offsets };
}

test("drafts stand last; a draft goes when its publication comes", () => {
    const { list, messages } = shownList();
    messages.draft({ clientId: "a", body: { text: "mine" }, at: 1, state: "sending" }, "Ann");
    messages.append(said(1), false);
    messages.note("Something is missing.");
    const texts = () => list.children.map(({ className, dataset }) => dataset.offset ?? className);
    assert.deepEqual(texts(), ["1", "note", "draft sending"]);
    messages.draft({ clientId: "a", body: { text: "mine" }, at: 1, state: "sent" }, "Ann");
    assert.deepEqual(texts(), ["1", "note", "draft sent"]);
    messages.append(said(2, { clientId: "a" }), true);
    assert.deepEqual(texts(), ["1", "note", "2"]);
});

test("markup is text", () => {
    const { list, messages } = shownList();
    const text = "<img src=x onerror=alert(1)>";
    messages.append(said(1, { name: text, body: { text } }), false);
    const [who, , body] = list.children[0].children;
    assert.deepEqual([who.textContent, body.textContent], [text, text]);
});

test("a thousand messages are shown; older ones go, and the notes among them", () => {
    const { messages, offsets } = shownList();
    messages.note("Messages 1 to 9 are missing.");
    messages.append(said(10), false);
    messages.note("Messages 11 to 19 are missing.");
    for (let offset = 20; offset < 1020; offset += 1) messages.append(said(offset), false);
    assert.deepEqual(offsets(), Array.from({ length: 1000 }, (_, index) => index + 20));
});

test("scrolling back reads the past, a page at a time", async () => {
    const { list, asked, messages, offsets } = shownList();
    messages.append(said(50), false);
    messages.filled();
    list.dispatchEvent(new Event("scroll"));
    assert.deepEqual(asked.map(({ before }) => before), [50]);
    asked[0].resolve({ publications: [said(48), said(49)], more: false });
    await settle();
    assert.deepEqual(offsets(), [48, 49, 50]);
    list.dispatchEvent(new Event("scroll"));
    assert.equal(asked.length, 1);
});

test("a page whose place is gone when it comes is dropped, and the next may be read", async () => {
    const { list, asked, messages, offsets } = shownList();
    messages.append(said(50), false);
    messages.filled();
    messages.cut(40);
    messages.append(said(41), false);
    asked[0].resolve({ publications: [said(49)], more: true });
    await settle();
    assert.deepEqual(offsets(), [41]);
    list.dispatchEvent(new Event("scroll"));
    assert.deepEqual(asked.map(({ before }) => before), [50, 41]);
});

test("a page that was asked for before the room was left and shown again is dropped", async () => {
    const { asked, messages, offsets } = shownList();
    for (const turn of [1, 2]) {
        messages.clear();
        messages.append(said(50), false);
        messages.filled();
        assert.equal(asked.length, turn);
    }
    for (const { resolve } of asked) resolve({ publications: [said(49)], more: false });
    await settle();
    assert.deepEqual(offsets(), [49, 50]);
});
