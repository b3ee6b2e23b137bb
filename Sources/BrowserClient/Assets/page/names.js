import { displayed, withoutBidiControls } from "./displayed-text.js";
import { graphemes } from "./graphemes.js";

/** Longer names are cut where they are shown, in characters as people count them. */
const shownLength = 80;
/** The longest name one can give oneself here, and what the server takes, in bytes. */
const ownLength = 30;
const ownBytes = 128;
const tints = 10;

/** Something an eye can see: letters, numbers, punctuation or symbols that are not blank. */
const visible = /(?![\u115f\u1160\u2800\u3164\uffa0])[\p{L}\p{N}\p{P}\p{S}]/u;

/** Words in plain ASCII with one space between them. */
const plain = /^[!-~]+(?: [!-~]+)*$/;

/** What to call somebody: the name, or the user where there is none to be seen; on one line, and unable to
 * turn the text around it.
 * @param {{user?: string, name?: string}} someone
 * @returns {string} */
export function nameOf({ user, name }) {
    return [name, user].map(oneLine).find((text) => visible.test(text)) ?? "somebody";
}

/** One or two characters for an avatar, as people count characters.
 * @param {string} name
 * @returns {string} */
export function initials(name) {
    const words = oneLine(name).split(" ").map((word) => graphemes(word).find(isBeginning)).filter(Boolean);
    if (words.length === 0) return graphemes(oneLine(name)).find((part) => visible.test(part)) ?? "?";
    const [first, last] = [words[0], words[words.length - 1]];
    // Where letters have no capitals two of them would join or read as a word.
    return words.length > 1 && hasCase(first) && hasCase(last) ? upper(first) + upper(last) : upper(first);
}

/** A colour's number, 0 to 9; the same for a user everywhere and always.
 * @param {string} user
 * @returns {number} */
export function tint(user) {
    let hash = 0x811c9dc5;
    for (const character of String(user)) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193);
    // The low bits of users that differ in one character are alike.
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    return ((hash ^ (hash >>> 16)) >>> 0) % tints;
}

/** A name somebody gives oneself, as the server takes it: no control characters, no more than 128 bytes.
 * Empty where nothing of it could be seen.
 * @param {string} name
 * @returns {string} */
export function clean(name) {
    const text = oneLine(/** @type {any} */ (name).toWellFormed?.() ?? name);
    if (!visible.test(text)) return "";
    const kept = graphemes(text).slice(0, ownLength);
    while (new TextEncoder().encode(kept.join("")).length > ownBytes) kept.pop();
    return kept.join("").trim();
}

function oneLine(text) {
    if (typeof text !== "string") return "";
    // Most names; a roster has thousands of them.
    if (text.length <= shownLength && plain.test(text)) return text;
    // A name from a broken server may be as long as it likes: nothing below looks at more than this.
    const line = displayed(text.slice(0, 20_000).replace(/[\p{Cc}\s]+/gu, " "));
    const parts = graphemes(withoutBidiControls(line).trim().slice(0, 20 * shownLength));
    return parts.length > shownLength ? `${parts.slice(0, shownLength - 1).join("")}…` : parts.join("");
}

/** Brackets, signs and the like before a word are not its beginning; emoji are. */
function isBeginning(grapheme) {
    return /^[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(grapheme);
}

function hasCase(grapheme) {
    return grapheme.toLowerCase() !== grapheme.toUpperCase();
}

/** The capital, if it is one character too: that of ß is not. */
function upper(grapheme) {
    const capital = grapheme.toUpperCase();
    return graphemes(capital).length === 1 ? capital : grapheme;
}
