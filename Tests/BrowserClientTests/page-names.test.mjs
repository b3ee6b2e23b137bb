// What people are called on the page, whatever they call themselves.
import assert from "node:assert/strict";
import { test } from "node:test";

import { clean, initials, nameOf, tint } from "../../Sources/BrowserClient/Assets/page/names.js";

test("somebody is called by the name, or by the user where no name is to be seen", () => {
    assert.equal(nameOf({ user: "u1", name: "Ann Lee" }), "Ann Lee");
    for (const name of [undefined, null, "", "   ", "\u200b\u202e\u2069", "\u3164\u2800", "\u0301", 7, {}]) {
        assert.equal(nameOf({ user: "u1", name }), "u1", JSON.stringify(name));
    }
    assert.equal(nameOf({}), "somebody");
    assert.equal(nameOf({ user: "__proto__", name: "constructor" }), "constructor");
});

test("a name stands on one line and cannot turn the text around it", () => {
    assert.equal(nameOf({ user: "u", name: " a\r\n\tb\u2028c\0d " }), "a b c d");
    assert.equal(nameOf({ user: "u", name: "\u202eevil\u2066\u2069\u2069" }), "evil");
    assert.equal(nameOf({ user: "u", name: "דנה\u200f Cohen" }), "דנה\u200f Cohen");
});

test("a name is shown with at most 80 characters and three marks on each that had more than eight", () => {
    assert.equal(nameOf({ user: "u", name: "x".repeat(1_000_000) }), `${"x".repeat(79)}…`);
    assert.equal(nameOf({ user: "u", name: `Z${"\u0301".repeat(10_000)}oe` }), "Z\u0301\u0301\u0301oe");
    assert.equal(nameOf({ user: "u", name: "👨‍👩‍👧".repeat(20) }), "👨‍👩‍👧".repeat(20));
});

test("initials are the beginnings of the first and the last word, in capitals", () => {
    const expected = {
        "alice": "A", "Ann Lee": "AL", "ann van der lee": "AL", "(Bob) “Smith”": "BS", "жанна д’арк": "ЖД",
        "guest-12": "G", "éva e\u0301": "ÉE\u0301", "ßmith": "ß", "R2 D2": "RD", "42": "4",
    };
    for (const [name, letters] of Object.entries(expected)) assert.equal(initials(name), letters, name);
});

test("scripts without capitals and emoji give one character", () => {
    const expected = { "محمد علي": "م", "דנה כהן": "ד", "王 小明": "王",
        "नमस्ते जी": "न", "🐸 Frog": "🐸", "👨‍👩‍👧 us": "👨‍👩‍👧",
        "🇩🇪🇫🇷": "🇩🇪", "Ann 🌊": "A" };
    for (const [name, letters] of Object.entries(expected)) assert.equal(initials(name), letters, name);
});

test("a name without letters still has an initial", () => {
    assert.equal(initials("!!!"), "!");
    assert.equal(initials("-_-"), "-");
    assert.equal(initials("\u202e"), "?");
    assert.equal(initials(""), "?");
    assert.equal(initials(undefined), "?");
});

test("a user has one colour for ever, and all ten are used alike", () => {
    assert.deepEqual(
        ["ann", "bob", "guest-1", "", "𝒳"].map(tint), ["ann", "bob", "guest-1", "", "𝒳"].map(tint));
    assert.equal(tint("alice"), 6);
    const counts = new Array(10).fill(0);
    for (let number = 0; number < 10_000; number += 1) counts[tint(`guest-${number}`)] += 1;
    for (const count of counts) {
        assert.ok(count > 800 && count < 1200, `the colours are given ${counts} times`);
    }
});

test("one's own name is what the server takes: 30 characters, 128 bytes, nothing unseen", () => {
    assert.equal(clean("  Ann \n Lee\0 "), "Ann Lee");
    assert.equal(clean("x".repeat(99)), "x".repeat(30));
    assert.equal(clean("\u202e\u200b "), "");
    assert.equal(clean(`${"x".repeat(29)} y`), "x".repeat(29));
    const family = "👨‍👩‍👧";
    assert.equal(clean(family.repeat(30)), family.repeat(7));
    assert.ok(clean("a\ud800b").isWellFormed?.() ?? true);
    assert.ok(new TextEncoder().encode(clean(`${"é\u0301\u0302".repeat(40)}`)).length <= 128);
});
