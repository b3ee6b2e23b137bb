/** Characters that end a line somewhere, or a paragraph of bidirectional text. */
const lineEnds = /\r\n?|[\v\f\x85\u2028\u2029]/g;
const controls = /[\0-\x08\x0e-\x1f\x7f-\x9f]/g;
/** More than eight marks on one character, with what joins invisibly between them. Nine real ones have not
 * been seen in any language: points, accents and tones of Hebrew, Arabic, Tibetan or Vietnamese are fewer. */
const towers = /([\p{M}\u200b-\u200d\u2060\ufeff]{3})[\p{M}\u200b-\u200d\u2060\ufeff]{6,}/gu;

/** Embeddings, overrides and isolates; what ends them is U+202C and U+2069. */
const bidiControls = /([\u202a-\u202e\u2066-\u2069])/;
const endOfEmbedding = "\u202c";
const endOfIsolate = "\u2069";
/** Deeper nesting is nobody's writing. Browsers stop at 125. */
const depthLimit = 16;

/** What somebody sent as it is shown: every line end is a line feed, control characters are their pictures,
 * and towers of combining marks are cut. What is stored and sent stays as it is.
 * @param {string} text
 * @returns {string} */
export function displayed(text) {
    return text.replace(lineEnds, "\n").replace(controls, picture).replace(towers, "$1");
}

/** The text with every embedding, override and isolate ended within its line, and without ends of nothing.
 * An element around text does not hold them in: one end too many ends the element's own isolate.
 * @param {string} text
 * @returns {string} */
export function balanced(text) {
    return bidiControls.test(text) ? text.split("\n").map(balancedLine).join("\n") : text;
}

/** @param {string} text
 * @returns {string} */
export function withoutBidiControls(text) {
    return text.split(bidiControls).filter((part) => !bidiControls.test(part)).join("");
}

function balancedLine(line) {
    /** What will end what is open. @type {string[]} */
    const open = [];
    const shown = line.split(bidiControls).map((part) => {
        if (part === endOfEmbedding) return open.at(-1) === part ? open.pop() : "";
        if (part === endOfIsolate) return isolateEnded(open) ? part : "";
        if (!bidiControls.test(part)) return part;
        if (open.length === depthLimit) return "";
        open.push(part < endOfIsolate && part > "\u2065" ? endOfIsolate : endOfEmbedding);
        return part;
    });
    return shown.join("") + open.reverse().join("");
}

/** The end of an isolate ends the embeddings within it too (UAX #9, BD9 and X6a).
 * @param {string[]} open */
function isolateEnded(open) {
    const place = open.lastIndexOf(endOfIsolate);
    if (place >= 0) open.length = place;
    return place >= 0;
}

function picture(character) {
    const code = character.charCodeAt(0);
    if (code === 0x7f) return "\u2421";
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
}
