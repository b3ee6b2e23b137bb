// What the page says of the connection, of who types, of a message's size, and to a screen reader.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Announcer } from "../../Sources/BrowserClient/Assets/page/announcer.js";
import { Kept } from "../../Sources/BrowserClient/Assets/page/kept.js";
import { sizeOf } from "../../Sources/BrowserClient/Assets/page/message-size.js";
import { titleOf } from "../../Sources/BrowserClient/Assets/page/page-title.js";
import { peopleToShow } from "../../Sources/BrowserClient/Assets/page/people.js";
import { randomId } from "../../Sources/BrowserClient/Assets/page/random-id.js";
import { draftFailure, refusalSentence }
    from "../../Sources/BrowserClient/Assets/page/refusal-sentence.js";
import { shortcutOf } from "../../Sources/BrowserClient/Assets/page/shortcuts.js";
import { countdown, sentenceOf } from "../../Sources/BrowserClient/Assets/page/state-sentence.js";
import { nextTheme } from "../../Sources/BrowserClient/Assets/page/theme-choice.js";
import { typingSentence } from "../../Sources/BrowserClient/Assets/page/typing-line.js";
import { UnsentTexts } from "../../Sources/BrowserClient/Assets/page/unsent-texts.js";

const open = { hasToken: false, wasOpen: true };

test("every state says what becomes of what one writes", () => {
    for (const state of ["connecting", "waiting", "offline"]) {
        assert.match(sentenceOf({ state, sentence: "" }, open).sentence, /What you write is kept and sent/);
    }
    assert.match(sentenceOf({ state: "stopped", sentence: "Bye." }, open).sentence, /What you wrote is kept/);
    const expired = { state: "stopped", sentence: "The token has expired.", code: 104 };
    const told = sentenceOf(expired, { hasToken: true, wasOpen: true });
    assert.match(told.sentence, /session has ended.*fresh link.*what you wrote is kept/);
    assert.equal(told.detail, "The token has expired.");
    assert.match(sentenceOf(expired, { hasToken: false, wasOpen: false }).sentence, /link with a token/);
});

test("a server that never answered was not lost", () => {
    const waiting = { state: "waiting", sentence: "", inMs: 900 };
    assert.match(sentenceOf(waiting, { hasToken: false, wasOpen: false }).sentence, /cannot be reached/);
    assert.match(sentenceOf(waiting, open).sentence, /Connection lost/);
});

test("before the first connection the page says why the server refuses it, where somebody knows", () => {
    const never = { hasToken: false, wasOpen: false };
    const told = (sentence) => sentenceOf({ state: "waiting", sentence, inMs: 900 }, never).sentence;
    const kept = "What you write is kept and sent later.";
    assert.equal(told("Not connected; trying again in 5 seconds."), `The server cannot be reached. ${kept}`);
    assert.equal(told("Pages of x.example may not connect; trying again in a moment."),
        `Pages of x.example may not connect. ${kept}`);
});

test("a stop shows the server's reason, on one line, where there is one", () => {
    const told = (sentence, code) => sentenceOf({ state: "stopped", sentence, code }, open).sentence;
    assert.equal(told("The shop\nis closed", 4503),
        "The session has ended. The shop is closed. What you wrote is kept.");
    assert.equal(told("The server closed the session (4999).", 4999),
        "The session has ended. What you wrote is kept.");
    assert.ok(told("\u202eTurned around", 4503).includes("\u202eTurned around\u202c."));
    assert.ok(told("x".repeat(9000), 4503).length < 400);
});

test("what a link does not allow is told in words of people, and not offered again in this visit", () => {
    const forbidden = { name: "forbidden", message: 'join in the room r needs the grant "join".' };
    assert.equal(refusalSentence(forbidden),
        "Your link does not let you in here. Ask whoever gave it to you.");
    assert.equal(refusalSentence({ name: "badRoom", message: "As the server says." }), "As the server says.");
    assert.deepEqual(draftFailure({ at: 100, error: forbidden }, 50),
        { sentence: "Not sent: you may not write here.", mayRetry: false });
    assert.equal(draftFailure({ at: 40, error: forbidden }, 50).mayRetry, true);
    assert.deepEqual(draftFailure({ at: 100, error: { name: "refused", message: "No." } }, 50),
        { sentence: "Not sent: No.", mayRetry: true });
});

test("the title names the room, holds its direction in, and counts what is unread", () => {
    assert.equal(titleOf("lobby", 0), "lobby – Parley");
    assert.equal(titleOf("lobby", 100), "(99+) lobby – Parley");
    assert.equal(titleOf("\u202eybbol", 3), "(3) \u202eybbol\u202c – Parley");
    assert.equal(titleOf("", 0), "Rooms – Parley");
});

test("every message has a name of its own that the protocol takes", () => {
    const names = new Set(Array.from({ length: 100 }, () => randomId()));
    assert.equal(names.size, 100);
    for (const name of names) assert.match(name, /^[!-~]{1,64}$/);
});

test("the wait is told in seconds, a long one in minutes", () => {
    assert.equal(countdown(200), "Trying again …");
    assert.equal(countdown(4200), "Trying again in 5 s");
    assert.equal(countdown(200_000), "Trying again in 4 min");
});

const sentence = (users) => typingSentence(users).map(({ name, words }) => name ?? words).join("");

test("who types is a sentence that stays short", () => {
    const users = ["Ann", "Bob", "Cem", "Dee"].map((name) => ({ user: name, name }));
    assert.deepEqual([0, 1, 2, 3, 4].map((count) => sentence(users.slice(0, count))), [
        "", "Ann is typing", "Ann and Bob are typing", "Ann, Bob and one other are typing",
        "Ann, Bob and 2 others are typing",
    ]);
});

test("a message's size counts as it is sent: escapes and bytes, not characters", () => {
    assert.deepEqual(sizeOf("hello", 32_768), { isTooLong: false, sentence: "" });
    assert.deepEqual(sizeOf("anything", undefined), { isTooLong: false, sentence: "" });
    // {"text":""} has eleven bytes.
    assert.deepEqual(sizeOf("x".repeat(89), 100), { isTooLong: false, sentence: "0 bytes left" });
    assert.deepEqual(sizeOf("x".repeat(90), 100), { isTooLong: true, sentence: "Too long by 1 byte" });
    assert.equal(sizeOf("\n".repeat(45), 100).isTooLong, true);
    assert.equal(sizeOf("ü".repeat(45), 100).isTooLong, true);
});

test("the roster shows ourselves first, then names in order, and how many more there are", () => {
    const members = new Map(["c", "b", "me", "a"].map((user) => [user, { user, name: user.toUpperCase() }]));
    const { shown, others } = peopleToShow({ members, count: 10 }, "me");
    assert.deepEqual(shown.map(({ user }) => user), ["me", "a", "b", "c"]);
    assert.equal(others, 6);
    assert.deepEqual(peopleToShow(undefined, "me"), { shown: [], others: 0 });
});

test("of 100,000 people some are shown, and ourselves among them", () => {
    const members = new Map(
        Array.from({ length: 100_000 }, (_, index) => [`u${index}`, { user: `u${index}` }]));
    const { shown, others } = peopleToShow({ members, count: 100_000 }, "u99999");
    assert.deepEqual([shown[0].user, shown.length + others], ["u99999", 100_000]);
    assert.ok(shown.length <= 500);
});

test("keys ask for what the dialog says, and a letter that is written stays a letter", () => {
    const plain = { altKey: false, shiftKey: false, ctrlKey: false, metaKey: false };
    assert.deepEqual(shortcutOf({ ...plain, key: "ArrowDown", altKey: true }, true),
        { does: "switch", step: 1, onlyUnread: false });
    assert.deepEqual(shortcutOf({ ...plain, key: "ArrowUp", altKey: true, shiftKey: true }, false),
        { does: "switch", step: -1, onlyUnread: true });
    assert.deepEqual(shortcutOf({ ...plain, key: "Escape" }, true), { does: "newest" });
    assert.deepEqual(shortcutOf({ ...plain, key: "?", shiftKey: true }, false), { does: "keys" });
    assert.equal(shortcutOf({ ...plain, key: "?", shiftKey: true }, true), undefined);
    assert.equal(shortcutOf({ ...plain, key: "Escape", isComposing: true }, true), undefined);
    assert.equal(shortcutOf({ ...plain, key: "ArrowDown" }, false), undefined);
});

test("themes go round, and nonsense begins at the first", () => {
    assert.deepEqual(["auto", "light", "dark", "pink"].map(nextTheme), ["light", "dark", "auto", "auto"]);
});

/** An announcer whose moments are ours. */
function announcer() {
    const region = { textContent: "" };
    const due = [];
    const tells = new Announcer(region, { setTimeout: (work) => due.push(work) });
    const pass = () => due.splice(0).forEach((work) => work());
    return { region, tells, pass, due };
}

test("single messages are read out with their author, a burst as a number", () => {
    const { region, tells, pass, due } = announcer();
    tells.said("Ann", "Hello");
    tells.said("Bob", "Hi");
    assert.equal(due.length, 1);
    pass();
    assert.equal(region.textContent, "Ann: Hello\nBob: Hi");
    for (let count = 0; count < 12; count += 1) tells.said("Ann", "again");
    pass();
    assert.equal(region.textContent, "12 new messages");
});

test("of a long message the beginning is read out; in another room nothing of this one", () => {
    const { region, tells, pass } = announcer();
    tells.said("Ann", "x".repeat(64_000));
    pass();
    assert.ok(region.textContent.length < 400);
    tells.said("Ann", "late");
    tells.clear();
    pass();
    assert.equal(region.textContent, "");
    tells.said("Bob", "new");
    pass();
    assert.equal(region.textContent, "Bob: new");
});

test("what was not sent is kept by room over a reload, within bounds", () => {
    const stored = new Map();
    const kept = new Kept({ getItem: (key) => stored.get(key) ?? null,
        setItem: (key, value) => stored.set(key, value), removeItem: (key) => stored.delete(key) });
    const texts = new UnsentTexts(kept);
    texts.set("lobby", "half a thou");
    texts.set("news", "x");
    texts.set("news", "");
    texts.keep();
    const later = new UnsentTexts(kept);
    assert.deepEqual([later.get("lobby"), later.get("news")], ["half a thou", ""]);
    for (let room = 0; room < 60; room += 1) later.set(`room ${room}`, "text");
    assert.deepEqual([later.get("lobby"), later.get("room 59")], ["", "text"]);
    later.set("long", "y".repeat(600_000));
    assert.deepEqual([later.get("long").length, later.get("room 59")], [600_000, ""]);
});

test("a tab that keeps nonsense begins without unsent texts", () => {
    for (const nonsense of ["{", "null", "[1]", "[[1,2]]", "{\"a\":1}"]) {
        const texts = new UnsentTexts(new Kept({ getItem: () => nonsense }));
        assert.equal(texts.get("lobby"), "");
    }
});
