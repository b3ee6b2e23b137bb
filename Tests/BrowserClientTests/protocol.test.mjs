// The client agrees with the protocol's own tables and examples.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decode } from "../../Sources/BrowserClient/Assets/client/envelope.js";
import { ParleyError } from "../../Sources/BrowserClient/Assets/client/errors.js";

const read = (name) => readFileSync(new URL(`../../protocol/${name}`, import.meta.url), "utf8");

test("errors.json: what may be retried is retried, also without retryAfterMs", () => {
    const table = JSON.parse(read("errors.json"));
    assert.ok(table.length > 10);
    for (const { code, name, retry, sentence } of table) {
        assert.equal(new ParleyError({ code, name, message: sentence }).mayRetry, retry, name);
    }
});

test("an error never seen before is retried if it says when", () => {
    const unseen = { code: 999, name: "unseen", message: "…" };
    assert.equal(new ParleyError(unseen).mayRetry, false);
    assert.equal(new ParleyError({ ...unseen, retryAfterMs: 5 }).mayRetry, true);
});

test("every example of chat.md can be read", () => {
    const blocks = [...read("chat.md").matchAll(/```json\n([^]*?)```/g)];
    assert.ok(blocks.length > 10);
    for (const [, block] of blocks) assert.ok(decode(block).length > 0);
});

test("a frame holds objects, one a line; blank lines are passed, anything else is refused", () => {
    assert.deepEqual(decode('{"a":1}\n\n{"b":2}\n'), [{ a: 1 }, { b: 2 }]);
    for (const data of ["{", "1", "null", "[]", '{"a":1}{"b":2}', new ArrayBuffer(2)]) {
        assert.throws(() => decode(data), SyntaxError);
    }
});
