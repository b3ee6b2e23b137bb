/** Longer texts are shown in part, until somebody wants all of it. */
const shortLines = 20;
const shortLength = 2000;
/** What of a long text is put on the page at first: more than its part that is shown needs. */
const preparedLength = 4000;
const fence = new RegExp("^```", "gm");

/**
 * @typedef {object} MessageText
 * @property {string} text
 * @property {boolean} isData JSON that is no text
 * @property {boolean} isLong
 * @property {string} part what is put on the page at first; the whole text where that is not long
 */

/** What a body says: the text of `{text}`, a string, and anything else as JSON.
 * @param {any} body
 * @returns {MessageText} */
export function textOf(body) {
    const said = typeof body === "string" ? body : body?.text;
    const isData = typeof said !== "string" || said.trim() === "";
    const text = isData ? JSON.stringify(body) ?? "" : said;
    const isLong = text.length > shortLength || hasManyLines(text);
    return { text, isData, isLong, part: isLong && !isData ? partOf(text) : text.slice(0, preparedLength) };
}

function hasManyLines(text) {
    let place = -1;
    for (let line = 1; line <= shortLines; line += 1) {
        place = text.indexOf("\n", place + 1);
        if (place < 0) return false;
    }
    return true;
}

/** The beginning, not cut within a character; a block of code that is cut ends there. */
function partOf(text) {
    if (text.length <= preparedLength) return text;
    const part = text.slice(0, preparedLength).replace(/[\ud800-\udbff]$/u, "");
    const fences = part.match(fence)?.length ?? 0;
    return fences % 2 === 1 ? `${part}\n\`\`\`` : part;
}
