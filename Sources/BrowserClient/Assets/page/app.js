import { Parley } from "/client.js";
import { MessageList } from "./message-list.js";
import { RoomLog } from "./room-log.js";
import { RoomList } from "./room-list.js";

/** How many messages a room opens with, and how many more one page of the past has. */
const pageLength = 50;
const nameKey = "parley:name";
const tokenKey = "parley:token";

const $ = (id) => /** @type {any} */ (document.getElementById(id));
const scheme = location.protocol === "https:" ? "wss:" : "ws:";
/** Without one the server has to be in development mode. */
const token = tokenOfAddress();
const parley = new Parley(`${scheme}//${location.host}/ws`, { name: storedName(), token });

/** The room that is shown. */
let current = "";
/** What was said in the rooms we are in. @type {Map<string, RoomLog>} */
const logs = new Map();

const messages = new MessageList($("messages"), {
    older: async (before) => {
        const room = current;
        return parley.history(room, { before, limit: pageLength }).catch(() => undefined);
    },
    again: (clientId, body) => publish(body, clientId),
});
const rooms = new RoomList($("room-list"));

// --- what the server and the client tell ---

parley.on("state", showState);
parley.on("connected", ({ name }) => {
    $("name").placeholder = parley.user ?? "guest";
    if (token !== undefined) $("name").value = name ?? "";
    readRooms();
});
parley.on("joined", ({ room, kind }) => {
    rooms.add(room);
    if (logs.get(room)?.joined(kind) && room === current) fill(room);
});
parley.on("refused", ({ room }) => logs.delete(room));
parley.on("publication", (publication) => {
    const log = logs.get(publication.room);
    log?.add(publication);
    if (publication.room !== current) rooms.mark(publication.room);
    else if (log?.isComplete) messages.append(publication, publication.user === parley.user);
});
parley.on("gap", ({ room, from, to }) => {
    if (room !== current) return;
    messages.note(from === undefined ? "Some messages are missing here."
        : `Messages ${from} to ${to} are not to be had any more.`);
});
parley.on("reset", ({ room, after }) => {
    logs.get(room)?.cut(after);
    if (room === current) messages.cut(after);
});
parley.on("draft", (draft) => {
    if (draft.room === current && logs.get(current)?.isComplete) messages.draft(draft, ownName());
});
parley.on("presence", ({ room, roster }) => room === current && showPeople(roster));
parley.on("typing", ({ room, users }) => room === current && showTyping(users));

// --- what the person does ---

$("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = $("text").value;
    if (text.trim() === "") return;
    $("text").value = "";
    publish({ text });
});
$("text").addEventListener("keydown", (event) => {
    // While characters are composed, Enter chooses among them.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    $("composer").requestSubmit();
});
$("text").addEventListener("input", () => parley.typing(current, $("text").value !== ""));
$("room-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const room = $("room").value.trim();
    $("room").value = "";
    if (room !== "") location.hash = encodeURIComponent(room);
});
$("name-form").addEventListener("submit", (event) => {
    event.preventDefault();
    $("name").blur();
});
$("name").addEventListener("change", () => {
    const name = clean($("name").value);
    $("name").value = name;
    try {
        localStorage.setItem(nameKey, name);
    } catch {
        // It lasts for this visit, then.
    }
    parley.rename(name || undefined);
});
addEventListener("hashchange", () => {
    if (location.hash.startsWith("#token=")) location.reload();
    else show(roomOfAddress());
});

$("name").disabled = token !== undefined;
$("name").value = token === undefined ? storedName() ?? "" : "";
showState(parley.state);
show(roomOfAddress());

/** @param {string} room */
function show(room) {
    if (room === current) return;
    const isKnown = current !== "";
    if (isKnown) parley.typing(current, false);
    current = room;
    document.title = `${room} – Parley`;
    $("room-title").textContent = room;
    messages.clear();
    showPeople(undefined);
    showTyping([]);
    rooms.select(room);
    enter(room);
    if (isKnown) $("text").focus();
}

/** Rooms shown before are not left: they are marked when something is said there. */
async function enter(room) {
    if (!logs.has(room)) logs.set(room, new RoomLog());
    if (logs.get(room)?.isComplete) fill(room);
    try {
        await parley.join(room, { tail: pageLength });
        await parley.presence(room);
    } catch (error) {
        if (room === current) messages.note(error.message);
    }
}

/** Shows what is known of the open room. @param {string} room */
function fill(room) {
    const log = logs.get(room);
    if (log?.isEphemeral) messages.note("Nothing said here is kept.");
    for (const publication of log?.publications ?? []) messages.append(publication, false);
    for (const draft of parley.drafts(room)) messages.draft(draft, ownName());
    messages.filled();
}

function publish(body, clientId) {
    const room = current;
    const options = clientId === undefined ? {} : { clientId };
    parley.publish(room, body, options).catch((error) => {
        // What was refused before it became a draft is shown nowhere else.
        if (error.code === 0 || error.code === 100) messages.note(error.message);
    });
}

async function readRooms() {
    const { rooms: known } = await parley.rooms({ limit: 200 }).catch(() => ({ rooms: [] }));
    for (const { room } of known) rooms.add(room);
}

function showState({ state, sentence }) {
    $("state").dataset.state = state;
    $("state").textContent = sentence;
}

function showPeople(roster) {
    const members = [...(roster?.members.values() ?? [])];
    members.sort((left, right) => nameOf(left).localeCompare(nameOf(right)));
    const items = members.map((member) => {
        const item = document.createElement("li");
        item.dataset.user = member.user;
        item.textContent = nameOf(member) + (member.user === parley.user ? " (you)" : "");
        return item;
    });
    if (roster && roster.count > members.length) {
        const item = document.createElement("li");
        item.textContent = `and ${roster.count - members.length} more`;
        items.push(item);
    }
    $("people").replaceChildren(...items);
}

function showTyping(users) {
    const names = users.slice(0, 3).map(nameOf).join(", ");
    const others = users.length > 3 ? " and others" : "";
    const verb = users.length === 1 ? "is" : "are";
    $("typing").textContent = users.length === 0 ? "" : `${names}${others} ${verb} typing …`;
}

function nameOf({ user, name }) {
    return name ?? user;
}

function ownName() {
    const name = token === undefined ? storedName() : $("name").value || undefined;
    return name ?? parley.user ?? "you";
}

/** A token in the address, `#token=…` or `#token=…&room=…`, is taken out of it and kept for this tab; an
 * empty one forgets it. Names of rooms hold no `=` there. */
function tokenOfAddress() {
    const fields = new URLSearchParams(location.hash.slice(1));
    const given = location.hash.startsWith("#token=") ? fields.get("token") : null;
    if (given !== null) {
        history.replaceState(null, "", `#${encodeURIComponent(fields.get("room") ?? "")}`);
    }
    try {
        if (given !== null) sessionStorage.setItem(tokenKey, given);
        return sessionStorage.getItem(tokenKey) || undefined;
    } catch {
        return given || undefined;
    }
}

function roomOfAddress() {
    try {
        return decodeURIComponent(location.hash.slice(1)) || "lobby";
    } catch {
        return location.hash.slice(1);
    }
}

function storedName() {
    try {
        return clean(localStorage.getItem(nameKey) ?? "") || undefined;
    } catch {
        return undefined;
    }
}

/** What the server takes for a name: no control characters, at most 128 bytes. */
function clean(name) {
    const text = name.toWellFormed?.() ?? name;
    const characters = [...text.replace(/\p{Cc}/gu, " ").trim()];
    return characters.slice(0, 30).join("");
}
