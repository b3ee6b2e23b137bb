const encoder = new TextEncoder();

/** How a text stands against the limit of a message's size, as the composer says it: nothing while it is far.
 * @param {string} text
 * @param {number | undefined} limit bytes of the body; unknown before the first connection
 * @returns {{isTooLong: boolean, sentence: string}} */
export function sizeOf(text, limit) {
    // A character takes six bytes of JSON at most.
    if (limit === undefined || text.length * 6 < limit * 0.8) return { isTooLong: false, sentence: "" };
    const left = limit - encoder.encode(JSON.stringify({ text })).length;
    if (left < 0) return { isTooLong: true, sentence: `Too long by ${bytes(-left)}` };
    const isNear = left < limit * 0.2;
    return { isTooLong: false, sentence: isNear ? `${bytes(left)} left` : "" };
}

function bytes(count) {
    return count === 1 ? "1 byte" : `${count.toLocaleString("en")} bytes`;
}
