// The one file that is served: what ClientBundle.swift relies on, and how large it is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { bundle, folder, modules, order, pageFolder } from "./bundle.mjs";
import { Parley } from "./world.mjs";

/** What the issue allows, in bytes. */
const sizeLimit = 15_000;
/** A file that a server served, if there is one. */
const served = process.env.PARLEY_CLIENT;

test("the joined file is a module that gives Parley and ParleyError", async () => {
    const text = bundle();
    const { Parley, ParleyError, ...others } = await import(
        `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
    assert.deepEqual([Parley.name, ParleyError.name, Object.keys(others)], ["Parley", "ParleyError", []]);
    assert.ok(!/^import /m.test(text));
});

test("the joined file is small, gzipped", () => {
    const size = gzipSync(bundle(), { level: 9 }).length;
    assert.ok(size <= sizeLimit, `${size} bytes`);
});

test("what was served is the joined file, below a line of its own", { skip: served === undefined }, () => {
    const [banner, ...lines] = readFileSync(served, "utf8").split("\n");
    assert.match(banner, /^\/\/ Parley's browser client/);
    assert.equal(lines.join("\n"), bundle());
});

test("every module is reached from the entry, and imports what is there", () => {
    const texts = modules();
    assert.deepEqual(order(texts, "client.js").sort(), [...texts.keys()].sort());
    for (const [name, text] of texts) {
        for (const [, path] of text.matchAll(/^import .* from "(.*)";$/gm)) {
            assert.ok(texts.has(path.slice(2)), `${name}: ${path}`);
        }
    }
});

test("an import is one line, comments have lines of their own, texts end on theirs", () => {
    for (const [name, text] of modules()) {
        let isComment = false;
        text.split("\n").forEach((line, index) => {
            const place = `${name}:${index + 1}: ${line}`;
            if (line.trimStart().startsWith("/**")) isComment = true;
            const wasComment = isComment;
            if (isComment && line.endsWith("*/")) isComment = false;
            if (wasComment || line.trimStart().startsWith("//")) return;
            if (line.startsWith("import")) {
                assert.match(line, /^import \{ .* \} from "\.\/[a-z-]+\.js";$/, place);
            }
            assert.doesNotMatch(line, /^\s+(import|export) /, place);
            assert.doesNotMatch(line, /[^:"'`\w]\/\/ /, place);
            assert.equal((line.match(/`/g) ?? []).length % 2, 0, place);
        });
    }
});

for (const [whose, place] of [["the client", folder], ["the page", pageFolder]]) {
    test(`${whose}: a name at the top of a module is no other module's`, () => {
        const owners = new Map();
        const names = /^(?:export )?(?:async )?(?:const|let|class|function) (\w+)/gm;
        for (const [name, text] of modules(place)) {
            for (const [, top] of text.matchAll(names)) {
                assert.equal(owners.get(top), undefined, `${top} in ${name} and ${owners.get(top)}`);
                owners.set(top, name);
            }
        }
        assert.ok(owners.size > 50);
    });
}

test("client.d.ts has the members that the classes have, and no others", () => {
    const types = readFileSync(new URL("client.d.ts", folder), "utf8");
    const body = /^export class Parley \{$([^]*?)^\}$/m.exec(types)[1].replace(/\/\*\*[^]*?\*\//g, "");
    const typed = [...body.matchAll(/^    (?:static |readonly )*(\w+)[(<:]/gm)].map(([, name]) => name);
    const parley = new Parley("ws://server/ws", { WebSocket: class { close() {} }, storage: undefined });
    parley.close();
    const members = new Set([...Object.keys(parley), "version"]);
    for (let type = Parley.prototype; type !== Object.prototype; type = Object.getPrototypeOf(type)) {
        for (const name of Object.getOwnPropertyNames(type)) members.add(name);
    }
    // What a page has no business to call.
    members.delete("emit");
    assert.deepEqual([...new Set(typed)].sort(), [...members].sort());
});

test("client.d.ts has the events that are told, and no others", () => {
    const types = readFileSync(new URL("client.d.ts", folder), "utf8");
    const body = /^export interface ParleyEvents \{$([^]*?)^\}$/m.exec(types)[1];
    const typed = [...body.matchAll(/^    (\w+):/gm)].map(([, name]) => name);
    const code = [...modules().values()].join("\n");
    const toldEvents = [...code.matchAll(/(?:\bemit|#emit)\("(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(typed.sort(), [...new Set(toldEvents)].sort());
});
