// What is shown of a body: text as it is, long text in part, anything else as JSON.
import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "../../Sources/BrowserClient/Assets/page/message-text.js";

test("a text and a string are shown as they are", () => {
    for (const body of [{ text: " a\n b " }, " a\n b ", { text: " a\n b ", more: 1 }]) {
        assert.deepEqual(textOf(body), { text: " a\n b ", isData: false, isLong: false, part: " a\n b " });
    }
});

test("what is no text, or none to be seen, is shown as JSON", () => {
    for (const body of [
        null, 0, false, [1, { x: 2 }], {}, { text: 1 }, { text: " \n" }, "", { text: null },
    ]) {
        const { text, isData } = textOf(body);
        assert.deepEqual([text, isData], [JSON.stringify(body), true]);
    }
    assert.deepEqual(textOf(undefined).text, "");
});

test("more than twenty lines or two thousand characters are long", () => {
    const isLong = (text) => textOf({ text }).isLong;
    assert.deepEqual([isLong("a\n".repeat(19) + "a"), isLong("a\n".repeat(20) + "a")], [false, true]);
    assert.deepEqual([isLong("a".repeat(2000)), isLong("a".repeat(2001))], [false, true]);
    assert.ok(textOf(Array.from({ length: 1000 }, () => "abc")).isLong);
});

test("of a very long text only a part is prepared, and never half a character", () => {
    const text = "a".repeat(3999) + "😀".repeat(1000);
    assert.equal(textOf({ text }).part, "a".repeat(3999));
    assert.equal(textOf({ text }).text, text);
    assert.ok(textOf(Array.from({ length: 9000 }, () => "abc")).part.length <= 4000);
});

test("a block of code that is cut ends where it is cut", () => {
    const { part } = textOf({ text: `\`\`\`\n${"line\n".repeat(2000)}\`\`\`` });
    assert.ok(part.endsWith("\n```"));
});
