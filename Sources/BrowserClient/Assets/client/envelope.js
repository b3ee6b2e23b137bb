import { ParleyError } from "./errors.js";

/**
 * What the server says: an answer to the command of that `id`, or a push.
 * @typedef {{id?: number, ok?: any, error?: import("./errors.js").ErrorReply, [push: string]: any}} Message
 */

/** The deepest body sent; servers count 64 levels with the envelope's own. */
const depthLimit = 60;

/** A command as it goes on the wire. `fields` is JSON already, so that a body keeps its bytes over all
 * retries.
 * @param {number | undefined} id without it only an error is answered
 * @param {string} verb
 * @param {string} fields */
export function encode(id, verb, fields) {
    return id === undefined ? `{"${verb}":${fields}}` : `{"id":${id},"${verb}":${fields}}`;
}

/** The largest frame we read, in characters: what servers answer has 4 MiB at most. */
const frameLimit = 33_554_432;

/** The objects of one frame; throws where it is not the protocol's.
 * @param {unknown} data
 * @returns {Message[]} */
export function decode(data) {
    if (typeof data !== "string") throw new SyntaxError("a binary frame");
    if (data.length > frameLimit) throw new SyntaxError("a frame without end");
    const messages = data.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
    const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
    if (!messages.every(isObject)) throw new SyntaxError("not an object");
    return messages;
}

/** A body as JSON. What would end the session as a bad frame is refused here: a draft that is kept and sent
 * again at every start must never be able to do that.
 * @param {unknown} body */
export function encodeBody(body) {
    let text;
    try {
        text = JSON.stringify(body);
    } catch {
        // A cycle, or a BigInt.
    }
    if (text === undefined) throw refusal("A body is any JSON value; this is none.");
    checkText(text);
    return text;
}

/** Checks a room's name as the server does.
 * @param {string} room */
export function checkRoom(room) {
    const problem =
        typeof room !== "string" || room === "" ? "must not be empty"
        : new TextEncoder().encode(room).length > 200 ? "has at most 200 bytes"
        : room.startsWith(" ") || room.endsWith(" ") ? "must not begin or end with a space"
        : /[\p{Cc}\p{Cs}]/u.test(room) ? "must not contain control characters"
        : room.includes("*") ? "must not contain *"
        : undefined;
    if (problem) throw refusal(`A room's name ${problem}.`);
}

/** @param {string} text */
export function byteCount(text) {
    return new TextEncoder().encode(text).length;
}

/** @param {string} message */
function refusal(message) {
    return new ParleyError({ code: 100, name: "badRequest", message });
}

/** By single characters: a regular expression runs out of stack in a long text.
 * @param {string} text JSON */
function checkText(text) {
    let level = 0;
    let isQuoted = false;
    for (let index = 0; index < text.length; index += 1) {
        const character = text[index];
        if (character === '"') isQuoted = !isQuoted;
        else if (isQuoted && character === "\\") {
            index += 1;
            // JSON.stringify writes exactly U+0000 and lone surrogates in this form.
            if (/^u(0000|d[89a-f])/.test(text.slice(index, index + 5))) {
                throw refusal("The text has a character that is none: U+0000, or half of a surrogate pair.");
            }
        } else if (!isQuoted && "[{".includes(character) && ++level > depthLimit) {
            throw refusal(`A body is nested at most ${depthLimit} deep.`);
        } else if (!isQuoted && "]}".includes(character)) level -= 1;
    }
}
