import { tokensOf } from "./rich-text-tokens.js";

/** A message as text nodes, `a`, `code`, `pre > code` and `span.jumbo`, and nothing else. What somebody wrote
 * becomes text only, never markup. Each element has a direction, so that it is an isolate.
 * @param {string} text
 * @returns {DocumentFragment} */
export function richText(text) {
    const fragment = document.createDocumentFragment();
    fragment.append(...tokensOf(text).map(node));
    return fragment;
}

/** @param {import("./rich-text-tokens.js").Token} token */
function node(token) {
    switch (token.kind) {
        case "link": return link(token);
        case "code": return isolate("code", token.text);
        case "block": return block(token);
        case "jumbo": return jumbo(token);
        default: return document.createTextNode(token.text);
    }
}

function link({ text, href }) {
    const made = isolate("a", text);
    made.href = href;
    made.rel = "noopener noreferrer nofollow";
    made.target = "_blank";
    // Where it leads, whatever its text looks like.
    made.title = href;
    return made;
}

function block({ text, language }) {
    const made = isolate("pre", "");
    // A long line is scrolled, with the keyboard as well.
    made.tabIndex = 0;
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", language === undefined ? "Code" : `Code in ${language}`);
    if (language !== undefined) made.dataset.language = language;
    made.append(isolate("code", text));
    return made;
}

function jumbo({ text }) {
    const made = isolate("span", text);
    made.className = "jumbo";
    return made;
}

function isolate(kind, text) {
    const made = document.createElement(kind);
    made.dir = "ltr";
    if (text !== "") made.append(document.createTextNode(text));
    return made;
}
