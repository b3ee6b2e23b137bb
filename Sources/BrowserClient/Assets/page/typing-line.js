import { nameOf } from "./names.js";

/** Names and the words between them, in turn: names are set apart, so that one written from right to left
 * does not turn the sentence.
 * @param {{user: string, name?: string}[]} users
 * @returns {{name?: string, words?: string}[]} */
export function typingSentence(users) {
    const named = users.slice(0, 2).map((user) => ({ name: nameOf(user) }));
    const others = users.length - named.length;
    if (users.length === 0) return [];
    if (users.length === 1) return [...named, { words: " is typing" }];
    if (others === 0) return [named[0], { words: " and " }, named[1], { words: " are typing" }];
    const rest = others === 1 ? "one other" : `${others} others`;
    return [named[0], { words: ", " }, named[1], { words: ` and ${rest} are typing` }];
}

/** @param {HTMLElement} line
 * @param {{user: string, name?: string}[]} users */
export function showTyping(line, users) {
    const parts = typingSentence(users).map(({ name, words }) => {
        if (name === undefined) return words ?? "";
        const made = document.createElement("bdi");
        made.textContent = name;
        return made;
    });
    line.replaceChildren(...parts);
}
