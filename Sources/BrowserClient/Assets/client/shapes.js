/** What the server may say, as far as we build on it: whatever else an answer or push holds is passed over.
 * Behind these checks nothing has to be looked at twice, whoever the server is. */

/** @typedef {(value: any) => boolean} Check */

/** @type {Check} */
const isText = (value) => typeof value === "string";
/** @type {Check} */
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
/** @type {Check} */
const isAmount = (value) => isCount(value) && value > 0;
/** @type {Check} */
const isThere = (value) => value !== undefined;
/** @type {Check} */
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
/** @type {(check: Check) => Check} */
const optional = (check) => (value) => value === undefined || check(value);
/** @type {(check: Check) => Check} */
const list = (check) => (value) => Array.isArray(value) && value.every(check);

/** @param {Record<string, Check>} fields
 * @returns {Check} */
function record(fields) {
    const each = Object.entries(fields);
    return (value) => isObject(value) && each.every(([name, check]) => check(value[name]));
}

const limit = optional(isAmount);
const person = { user: isText, name: optional(isText) };
const spoken = {
    ...person, time: isCount, clientId: optional(isText), epoch: optional(isText), body: isThere,
};
const publications = list(record({ ...spoken, offset: isCount }));
const isStored = record({
    epoch: isText, head: isCount, publications: optional(publications),
    gap: optional(record({ from: isCount, to: isCount })),
});
/** @type {Check} */
const isJoined = (value) => value?.kind === "stored" ? isStored(value) : value?.kind === "ephemeral";
/** @type {Check} */
const isOutcome = (value) => isObject(value?.error) || isJoined(value);

/** What is in `ok`, by the command's verb. @type {Record<string, Check>} */
const answers = {
    connect: record({
        user: isText, name: optional(isText), pingMs: isAmount, pongMs: isAmount,
        rooms: optional(list(isOutcome)),
        limits: record({
            bodyBytes: limit, retryWindowMs: limit, outstanding: limit, outstandingReads: limit,
            roomsPerSession: limit,
        }),
    }),
    join: isJoined,
    publish: record({ epoch: optional(isText), offset: optional(isCount), time: isCount }),
    history: record({ epoch: isText, publications }),
    presence: record({ version: isCount, count: isCount, members: list(record(person)) }),
    rooms: record({ rooms: list(record({ room: isText })) }),
    refresh: record({ left: optional(list(isText)) }),
};

/** @type {Record<string, Check>} */
const pushes = {
    publication: record({ ...spoken, room: isText, offset: optional(isCount) }),
    skip: record({ room: isText, from: isCount, to: isCount }),
    reset: record({ room: isText, epoch: isText, after: isCount }),
    typing: record({ ...person, room: isText }),
    presence: record({
        room: isText, version: isCount, join: optional(list(record(person))), leave: optional(list(isText)),
    }),
    expiring: isObject,
    goaway: isObject,
    error: isObject,
};

/** The answer in a message; undefined where it is a refusal. Throws where it is neither.
 * @param {string} verb of the command
 * @param {import("./envelope.js").Message} message */
export function checkedAnswer(verb, { ok, error }) {
    if (ok === undefined ? !isObject(error) : !(answers[verb] ?? isObject)(ok)) {
        throw new TypeError(`its answer to ${verb} makes no sense`);
    }
    return ok;
}

/** Throws where a push that we know is not what it should be.
 * @param {import("./envelope.js").Message} message */
export function checkPush(message) {
    for (const [name, check] of Object.entries(pushes)) {
        if (name in message && !check(message[name])) throw new TypeError(`its ${name} makes no sense`);
    }
}
