const beginning = /https?:\/\/|@/gi;
/** As far as a link can reach: up to a space, a quote, or what cannot be seen or turns the text around. */
const unseen = "\\s\\p{C}\\u115f\\u1160\\u2800\\u3164\\uffa0";
const eastern = "\\u3000-\\u303f\\uff01\\uff08\\uff09\\uff0c\\uff1a\\uff1b\\uff1f";
const reach = new RegExp(`[^${unseen}${eastern}<>"\`\\\\|]+`, "uy");
/** What belongs to the sentence when it stands behind a link. */
const trailing = "?!.,:;*_~'’”»›…([{";
const closers = new Map([[")", "("], ["]", "["], ["}", "{"]]);
const domain = /[a-z0-9-]+(?:\.[a-z0-9-]+)+/iy;
/** Nobody reads a longer one; it is left as text. */
const lengthLimit = 2048;

/** The web and mail addresses in a line, in order. Every part of the line is looked at a bounded number of
 * times, whatever it holds.
 * @param {string} line
 * @returns {{start: number, end: number, href: string, text: string}[]} `text` is what to show. */
export function linksIn(line) {
    const links = [];
    let done = 0;
    beginning.lastIndex = 0;
    for (let found = beginning.exec(line); found; found = beginning.exec(line)) {
        const isMail = found[0] === "@";
        const after = isMail ? beginning.lastIndex : reached(line, found.index);
        const link = isMail ? mailLink(line, found.index, done) : webLink(line, found.index, after);
        if (link) links.push(link);
        // What was no link as a whole is not searched for others: that could take a line's length each time.
        done = link?.end ?? after;
        beginning.lastIndex = done;
    }
    return links;
}

function reached(line, start) {
    reach.lastIndex = start;
    reach.test(line);
    return reach.lastIndex;
}

function webLink(line, start, reachedEnd) {
    if (/\w/.test(line[start - 1] ?? "")) return undefined;
    const end = withoutTrailing(line, start, reachedEnd);
    const text = line.slice(start, end);
    if (text.length > lengthLimit) return undefined;
    const [, before, host, after] = /^(https?:\/\/)([^/?#]*)(.*)$/is.exec(text) ?? [];
    const url = parsed(text);
    // A user before the host is there to be taken for the host.
    if (!host || !url || url.username !== "" || url.password !== "" || host.includes("@")) return undefined;
    return { start, end, href: url.href, text: isHonest(host, url) ? text : `${before}${url.host}${after}` };
}

function parsed(text) {
    try {
        return new URL(text);
    } catch {
        return undefined;
    }
}

/** Where a link ends when closing brackets without their partner and punctuation are left to the sentence. */
function withoutTrailing(line, start, reachedEnd) {
    const surplus = new Map([[")", 0], ["]", 0], ["}", 0]]);
    const add = (character, sign) => {
        for (const [closer, opener] of closers) {
            if (character === closer) surplus.set(closer, surplus.get(closer) + sign);
            if (character === opener) surplus.set(closer, surplus.get(closer) - sign);
        }
    };
    for (let index = start; index < reachedEnd; index += 1) add(line[index], 1);
    let end = reachedEnd;
    while (end > start && (trailing.includes(line[end - 1]) || surplus.get(line[end - 1]) > 0)) {
        end -= 1;
        add(line[end], -1);
    }
    return end;
}

/** Whether a host as it was typed says where the link leads. Letters that are drawn alike in several scripts
 * do not; then the form that the network uses is shown. */
function isHonest(host, url) {
    const typed = host.toLowerCase().replace(/:\d*$/, "");
    if (typed === url.hostname) return true;
    const labels = typed.split(".");
    const isForeignTop = /[^\0-\x7f]$/.test(typed);
    return /[^\0-\x7f]/.test(typed) && labels.every((label) => isOfOneScript(label, isForeignTop));
}

/** Cyrillic and Greek imitate Latin, so they count as honest only under a top level domain of their own. */
function isOfOneScript(label, isForeignTop) {
    return /^[a-z0-9\xdf-\xf6\xf8-\u0130\u0132-\u0137\u0139-\u017e-]+$/.test(label)
        || /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー0-9-]+$/u.test(label)
        || /^(?:[\p{sc=Hangul}0-9-]+|[\p{sc=Arabic}0-9-]+|[\p{sc=Hebrew}0-9-]+)$/u.test(label)
        || /^(?:[\p{sc=Thai}0-9-]+|[\p{sc=Devanagari}0-9-]+)$/u.test(label)
        || (isForeignTop && /^(?:[\p{sc=Cyrillic}0-9-]+|[\p{sc=Greek}0-9-]+)$/u.test(label));
}

/** The mail address around an `@`, with `mailto:` where it stands before. Its text is plain ASCII. */
function mailLink(line, at, floor) {
    let start = at;
    while (start > floor && at - start <= 64 && /[a-z0-9._%+-]/i.test(line[start - 1])) start -= 1;
    if (at - start > 64 || /[\p{L}\p{N}]/u.test(line[start - 1] ?? "")) return undefined;
    while (start < at && !/[a-z0-9]/i.test(line[start])) start += 1;
    domain.lastIndex = at + 1;
    const host = domain.exec(line)?.[0].replace(/-{1,9}$/, "") ?? "";
    if (start === at || host.length > 255 || !/[a-z]{2}$/i.test(host)) return undefined;
    const end = at + 1 + host.length;
    const href = `mailto:${line.slice(start, end)}`;
    if (start - 7 >= floor && line.slice(start - 7, start).toLowerCase() === "mailto:") start -= 7;
    return { start, end, href, text: line.slice(start, end) };
}
