import { balanced, displayed } from "./displayed-text.js";
import { graphemes } from "./graphemes.js";
import { linksIn } from "./links.js";

/** @typedef {{kind: "text" | "code" | "jumbo", text: string} | {kind: "link", text: string, href: string}
 *     | {kind: "block", text: string, language?: string}} Token */

/** A message of 64 KiB could hold ten thousand links; what comes after so many tokens is plain text. */
const tokenLimit = 400;
const jumboLimit = 6;
/** Longer than six emoji are, with families and skin tones. */
const jumboLength = 150;
const emoji = new RegExp(
    "^(?:\\p{Emoji_Presentation}|\\p{Extended_Pictographic}\\ufe0f|[0-9#*]\\ufe0f?\\u20e3"
    + "|\\p{Extended_Pictographic}\\p{Emoji_Modifier}|\\p{Extended_Pictographic}\\u200d)"
    + "[\\p{Emoji_Presentation}\\p{Extended_Pictographic}\\p{Emoji_Modifier}"
    + "\\ufe0f\\u200d\\u{e0020}-\\u{e007f}]*$", "u");

/** The parts of a message: text, links, code within a line, blocks of code between lines of ```; or a few big
 * emoji. Nothing else of Markdown is known. The time it takes grows with the length only.
 * @param {string} source
 * @returns {Token[]} */
export function tokensOf(source) {
    const text = displayed(source);
    if (isJumbo(text)) return [{ kind: "jumbo", text: text.trim() }];
    const tokens = new Tokens();
    const lines = text.split("\n");
    const ends = blockEnds(lines);
    /** Whether the line before was text: then a line feed stands between. */
    let isBehindText = false;
    for (let index = 0; index < lines.length; index += 1) {
        const block = tokens.isFull ? undefined : blockAt(lines, index, ends[index]);
        if (block) {
            tokens.add(block);
            index = ends[index];
        } else {
            if (isBehindText) tokens.addText("\n");
            addLine(lines[index], tokens);
        }
        isBehindText = block === undefined;
    }
    return tokens.all;
}

/** Tokens in order; text beside text becomes one. */
class Tokens {
    /** @type {Token[]} */
    #tokens = [];
    /** Pieces of the text that follows them. @type {string[]} */
    #text = [];

    get isFull() {
        return this.#tokens.length >= tokenLimit;
    }

    /** @param {Token} token */
    add(token) {
        this.#endText();
        this.#tokens.push(token.kind === "link" ? token : { ...token, text: balanced(token.text) });
    }

    /** @param {string} text */
    addText(text) {
        if (text !== "") this.#text.push(text);
    }

    get all() {
        this.#endText();
        return this.#tokens;
    }

    #endText() {
        const text = this.#text.join("");
        this.#text = [];
        if (text !== "") this.#tokens.push({ kind: "text", text: balanced(text) });
    }
}

/** For each line the next one behind it that can end a block, if there is one. */
function blockEnds(lines) {
    const ends = new Array(lines.length);
    let next;
    for (let index = lines.length - 1; index >= 0; index -= 1) {
        ends[index] = next;
        if (lines[index].trimEnd().endsWith("```")) next = index;
    }
    return ends;
}

/** The block that begins at a line. What stands beside the ``` is the language, or else code itself.
 * @returns {Token | undefined} */
function blockAt(lines, start, end) {
    const label = /^ {0,3}`{3,}([^`]*)$/.exec(lines[start])?.[1].trim();
    if (label === undefined || end === undefined) return undefined;
    const isLanguage = /^[\w+#.-]{1,20}$/.test(label);
    const code = lines.slice(start + 1, end);
    if (!isLanguage && label !== "") code.unshift(label);
    const last = withoutTicks(lines[end].trimEnd());
    if (last.trim() !== "") code.push(last);
    const text = code.join("\n");
    if (text.trim() === "") return undefined;
    return isLanguage ? { kind: "block", text, language: label } : { kind: "block", text };
}

function withoutTicks(line) {
    let length = line.length;
    while (line[length - 1] === "`") length -= 1;
    return line.slice(0, length);
}

function addLine(line, tokens) {
    let done = 0;
    for (const { start, end, text } of codeIn(line)) {
        if (tokens.isFull) break;
        addLinked(line.slice(done, start), tokens);
        tokens.add({ kind: "code", text });
        done = end;
    }
    addLinked(line.slice(done), tokens);
}

function addLinked(text, tokens) {
    let done = 0;
    for (const { start, end, href, text: shown } of linksIn(text)) {
        if (tokens.isFull) break;
        tokens.addText(text.slice(done, start));
        tokens.add({ kind: "link", text: shown, href });
        done = end;
    }
    tokens.addText(text.slice(done));
}

/** Code within a line: from a run of backticks to the next run of the same length (CommonMark §6.1). */
function codeIn(line) {
    const runs = [...line.matchAll(/\x60+/g)].map((run) => ({ start: run.index, length: run[0].length }));
    /** By length, the nearest run to the right of the one looked at. @type {Map<number, number>} */
    const nearest = new Map();
    const partners = runs.map(() => -1);
    for (let index = runs.length - 1; index >= 0; index -= 1) {
        partners[index] = nearest.get(runs[index].length) ?? -1;
        nearest.set(runs[index].length, index);
    }
    const spans = [];
    for (let index = 0; index < runs.length; index += 1) {
        const partner = partners[index];
        if (partner < 0) continue;
        const { start, length } = runs[index];
        const end = runs[partner].start;
        spans.push({ start, end: end + length, text: unpadded(line.slice(start + length, end)) });
        index = partner;
    }
    return spans;
}

/** One space on both sides is there to keep backticks apart. */
function unpadded(code) {
    const isPadded = code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "";
    return isPadded ? code.slice(1, -1) : code;
}

function isJumbo(text) {
    if (text.length > jumboLength) return false;
    const parts = text.trim().split(/\s+/).flatMap(graphemes);
    return parts.length > 0 && parts.length <= jumboLimit && parts.every(isEmoji);
}

function isEmoji(grapheme) {
    return emoji.test(grapheme) && !/^\p{Regional_Indicator}$/u.test(grapheme);
}
