// The browser client and the page's script as they are served: their modules joined into one, by the rules of
// ModuleBundle.swift.
import { readFileSync, readdirSync } from "node:fs";

/** What is served as one file: where its modules are, which of them begins, and which are no part of it. */
export const bundles = {
    "/client.js": { folder: assets("client"), entry: "client.js", others: [], isShort: true },
    "/page/app.js": { folder: assets("page"), entry: "app.js", others: ["theme.js"] },
};

function assets(name) {
    return new URL(`../../Sources/BrowserClient/Assets/${name}/`, import.meta.url);
}

/** The text of each module by its file name.
 * @param {string} path where they are served */
export function modules(path) {
    const { folder, others } = bundles[path];
    const names = readdirSync(folder).filter((name) => name.endsWith(".js") && !others.includes(name));
    return new Map(names.map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
}

/** What is served, but for the banner.
 * @param {string} path */
export function bundle(path, texts = modules(path)) {
    const { entry, isShort } = bundles[path];
    const lines = [];
    for (const name of order(texts, entry)) {
        let isComment = false;
        for (const line of texts.get(name).split("\n")) {
            const code = line.trimStart();
            if (code.startsWith("/**")) isComment = true;
            const wasComment = isComment;
            if (isComment && line.endsWith("*/")) isComment = false;
            const isLeftOut = line === "" || code.startsWith("//") || neighbour(line) !== undefined;
            if (isLeftOut || wasComment) continue;
            lines.push(name !== entry && line.startsWith("export ") ? line.slice(7) : code);
        }
    }
    const text = `${lines.join("\n")}\n`;
    return isShort ? withShortNames(text) : text;
}

/** Private names by their first appearance: `#a`, `#b`, … `#z`, `#aa`, … */
function withShortNames(text) {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const short = new Map();
    return text.replace(/#([A-Za-z]\w*)/g, (_, name) => {
        const [first, last] = [Math.floor(short.size / letters.length), short.size % letters.length];
        if (!short.has(name)) short.set(name, `#${first === 0 ? "" : letters[first - 1]}${letters[last]}`);
        return short.get(name);
    });
}

/** The modules below `entry`, each once and behind those it imports. */
export function order(texts, entry, known = new Set(), ordered = []) {
    if (known.has(entry) || !texts.has(entry)) return ordered;
    known.add(entry);
    for (const line of texts.get(entry).split("\n")) order(texts, neighbour(line), known, ordered);
    ordered.push(entry);
    return ordered;
}

/** The name of the module beside this one that a line imports. */
function neighbour(line) {
    return /^import .*?"\.\/([^"]*)/.exec(line)?.[1];
}
