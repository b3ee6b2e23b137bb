import { initials, nameOf, tint } from "./names.js";

/** Names are made for many messages, from the same few people. */
const limit = 500;

/** @typedef {{name: string, initials: string, tint: number}} KnownName */

/** @type {Map<string, KnownName>} */
const known = new Map();

/** What somebody is called, and how their avatar looks.
 * @param {{user?: string, name?: string}} someone
 * @returns {KnownName} */
export function knownName({ user, name }) {
    const key = JSON.stringify([user, name]);
    const found = known.get(key);
    if (found) return found;
    const shown = nameOf({ user, name });
    const made = { name: shown, initials: initials(shown), tint: tint(user ?? "") };
    if (known.size >= limit) known.clear();
    known.set(key, made);
    return made;
}
