// The browser client as it is served: all modules joined into one, by the rules of ClientBundle.swift.
import { readFileSync, readdirSync } from "node:fs";

export const folder = new URL("../../Sources/BrowserClient/Assets/client/", import.meta.url);

/** The page's modules are joined by the same rules; theme.js is no module. */
export const pageFolder = new URL("../page/", folder);

/** The text of each module by its file name. */
export function modules(place = folder) {
    const names = readdirSync(place).filter((name) => name.endsWith(".js") && name !== "theme.js");
    return new Map(names.map((name) => [name, readFileSync(new URL(name, place), "utf8")]));
}

/** What `/client.js` is, but for the banner. */
export function bundle(texts = modules(), entry = "client.js") {
    const lines = [];
    for (const name of order(texts, entry)) {
        let isComment = false;
        for (const line of texts.get(name).split("\n")) {
            const code = line.trimStart();
            if (code.startsWith("/**")) isComment = true;
            const wasComment = isComment;
            if (isComment && line.endsWith("*/")) isComment = false;
            if (line === "" || wasComment || code.startsWith("//") || line.startsWith("import ")) continue;
            lines.push(name !== entry && line.startsWith("export ") ? line.slice(7) : code);
        }
    }
    return `${lines.join("\n")}\n`;
}

/** The modules below `entry`, each once and behind those it imports. */
export function order(texts, entry, known = []) {
    if (known.includes(entry) || !texts.has(entry)) return known;
    const imports = texts.get(entry).split("\n").filter((line) => line.startsWith("import "));
    for (const line of imports) order(texts, line.split('"')[1]?.slice(2), known);
    known.push(entry);
    return known;
}
