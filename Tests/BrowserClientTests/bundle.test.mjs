// The two files that are made of modules: what ModuleBundle.swift relies on, and how large the client is.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { bundle, bundles, modules, order } from "./bundle.mjs";
import { Parley } from "./world.mjs";

/** What the issue allows, in bytes. */
const sizeLimit = 15_000;
/** Files that a server served, if there are any. */
const served = { "/client.js": process.env.PARLEY_CLIENT, "/page/app.js": process.env.PARLEY_PAGE };
const paths = Object.keys(bundles);

/** What modules call by its bare name: with a name like it at the top of one, another would call that. */
const globals = new Set(`addEventListener clearInterval clearTimeout console crypto CSS customElements
    document Document DocumentFragment Element Event fetch getComputedStyle globalThis history HTMLElement
    Intl isSecureContext localStorage location matchMedia name navigator Node origin parent performance
    queueMicrotask Range removeEventListener requestAnimationFrame ResizeObserver screen self sessionStorage
    setInterval setTimeout status Storage structuredClone Text TextDecoder TextEncoder top URL
    URLSearchParams WebSocket window`.split(/\s+/));

/** The lines of a module that are code, with their places. */
function codeLines(path) {
    return [...modules(path)].flatMap(([name, text]) => {
        let isComment = false;
        return text.split("\n").flatMap((line, index) => {
            const place = `${name}:${index + 1}: ${line}`;
            const begins = line.trimStart().startsWith("/**");
            if (begins) isComment = true;
            const wasComment = isComment;
            if (isComment && line.endsWith("*/")) isComment = false;
            if (!wasComment && !line.trimStart().startsWith("//")) return [{ line, place, isComment: false }];
            return [{ line, place, isComment: true }];
        });
    });
}

/** The names at the top of each module, with the modules they are in. */
function topNames(path) {
    const beginning = /^(?:export )?(?:async )?(?:const|let|class|function\*?) (\w+|\$|[[{][^=]*)/gm;
    return [...modules(path)].flatMap(([name, text]) =>
        [...text.matchAll(beginning)].flatMap(([, tops]) => tops.match(/\w+|\$/g).map((top) => [top, name])));
}

for (const path of paths) {
    test(`${path} is a module that parses`, () => {
        const folder = mkdtempSync(join(tmpdir(), "parley-bundle-"));
        try {
            const file = join(folder, "bundle.mjs");
            writeFileSync(file, bundle(path));
            const { status, stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8" });
            assert.equal(status, 0, stderr);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    const isServed = served[path] !== undefined;
    test(`${path} as it was served is the joined file, below a line of its own`, { skip: !isServed }, () => {
        const [banner, ...lines] = readFileSync(served[path], "utf8").split("\n");
        assert.match(banner, /^\/\/ Parley's /);
        assert.equal(lines.join("\n"), bundle(path));
    });

    test(`every module of ${path} is reached from its entry, and imports what is there`, () => {
        const texts = modules(path);
        assert.deepEqual(order(texts, bundles[path].entry).sort(), [...texts.keys()].sort());
        for (const [name, text] of texts) {
            for (const [, names, from] of text.matchAll(/^import \{ (.*) \} from "\.\/(.*)";$/gm)) {
                assert.ok(texts.has(from), `${name}: ${from}`);
                for (const each of names.split(", ")) {
                    const exported = new RegExp(`^export .*\\b${each}\\b`, "m");
                    assert.match(texts.get(from), exported, `${name}: ${each}`);
                }
            }
        }
    });

    test(`in ${path} an import is one line, comments have lines of their own, texts end on theirs`, () => {
        for (const { line, place, isComment } of codeLines(path)) {
            const begins = line.trimStart().startsWith("/**");
            if (begins && line.includes("*/")) assert.ok(line.endsWith("*/"), place);
            if (isComment) continue;
            // Private names are shortened wherever they seem to stand.
            if (bundles[path].isShort) assert.doesNotMatch(line, /["'`][^"'`]*(?<!\.)#[A-Za-z]/, place);
            if (line.startsWith("import")) {
                const allowed = /^import \{ \w+(, \w+)* \} from "(\.\/[a-z-]+\.js|\/client\.js)";$/;
                assert.match(line, allowed, place);
            }
            assert.doesNotMatch(line, /^\s+(import|export) /, place);
            const isEntry = place.startsWith(`${bundles[path].entry}:`);
            if (!isEntry) assert.doesNotMatch(line, /^export (default|\{|\*)/, place);
            assert.doesNotMatch(line, /[^:"'`\w]\/\/ /, place);
            assert.doesNotMatch(line, /\/\*(?!\* @type \{.*\} \*\/ )/, place);
            const code = line.replace(/\\./g, "").replace(/"[^"]*"/g, "");
            assert.equal((code.match(/`/g) ?? []).length % 2, 0, place);
        }
    });

    test(`a name at the top of a module of ${path} is no other's, and nothing of the browser's`, () => {
        const owners = new Map();
        for (const [top, name] of topNames(path)) {
            assert.equal(owners.get(top), undefined, `${top} in ${name} and ${owners.get(top)}`);
            assert.ok(!globals.has(top), `${top} in ${name} hides the browser's`);
            owners.set(top, name);
        }
        assert.ok(owners.size > 50);
    });
}

test("the client is a module that gives Parley and ParleyError", async () => {
    const text = bundle("/client.js");
    const { Parley, ParleyError, ...others } = await import(
        `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
    assert.deepEqual([Parley.name, ParleyError.name, Object.keys(others)], ["Parley", "ParleyError", []]);
    assert.ok(!/^import /m.test(text));
});

test("the client is small, gzipped", () => {
    const size = gzipSync(bundle("/client.js"), { level: 9 }).length;
    assert.ok(size <= sizeLimit, `${size} bytes`);
});

test("the page's script imports the client and exports nothing", () => {
    const text = bundle("/page/app.js");
    assert.deepEqual(text.match(/^import .*$/gm), ['import { Parley } from "/client.js";']);
    assert.doesNotMatch(text, /^export /m);
});

test("client.d.ts has the members that the classes have, and no others", () => {
    const types = readFileSync(new URL("client.d.ts", bundles["/client.js"].folder), "utf8");
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
    const types = readFileSync(new URL("client.d.ts", bundles["/client.js"].folder), "utf8");
    const body = /^export interface ParleyEvents \{$([^]*?)^\}$/m.exec(types)[1];
    const typed = [...body.matchAll(/^    (\w+):/gm)].map(([, name]) => name);
    const code = [...modules("/client.js").values()].join("\n");
    const toldEvents = [...code.matchAll(/(?:\bemit|#emit)\("(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(typed.sort(), [...new Set(toldEvents)].sort());
});
