/** The longest wait a server can ask for, one hour; and the shortest, so that one which asks for none over
 * and over is not answered at full speed. */
const longestWaitMs = 3_600_000;
const shortestWaitMs = 50;

/** The wait a server asks for, if it is one.
 * @param {unknown} ms
 * @returns {number | undefined} */
export function boundedWait(ms) {
    return typeof ms === "number" && ms >= 0
        ? Math.max(shortestWaitMs, Math.min(ms, longestWaitMs)) : undefined;
}
