import { Parley } from "/client.js";
import { firstRoom, fragmentOfRoom, roomOfFragment, takeToken } from "./room-address.js";
import { Announcer, wordsOf } from "./announcer.js";
import { Blank } from "./blank.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { balanced } from "./displayed-text.js";
import { Drawer } from "./drawer.js";
import { Kept, storageNamed } from "./kept.js";
import { nameOf } from "./names.js";
import { OwnName } from "./own-name.js";
import { titleOf } from "./page-title.js";
import { People } from "./people.js";
import { randomId } from "./random-id.js";
import { refusalSentence } from "./refusal-sentence.js";
import { followRoomForm } from "./room-form.js";
import { RoomList } from "./room-list.js";
import { faultOfRoomName } from "./room-name.js";
import { neighbour } from "./room-order.js";
import { RoomVisits } from "./room-visits.js";
import { followShortcuts } from "./shortcuts.js";
import { Status } from "./status.js";
import { followTheme } from "./theme-choice.js";
import { showTyping } from "./typing-line.js";
import { UnreadMarks } from "./unread.js";
import { UnsentTexts } from "./unsent-texts.js";

/** How many messages the open room begins with; more come from its history. */
const tail = 60;

const $ = (id) => /** @type {any} */ (document.getElementById(id));
const kept = new Kept(storageNamed("localStorage"));
const keptByTab = storageNamed("sessionStorage");
/** Without one the server has to be in development mode. */
const token = takeToken(keptByTab);

const own = new OwnName(
    { form: $("name-form"), input: $("name"), fixed: $("my-name"), avatar: $("my-avatar") },
    kept, token !== undefined, (name) => parley.rename(name || undefined));
const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const parley = new Parley(`${scheme}//${location.host}/ws`, { name: own.stored, token });

/** The room that is shown; empty for none. */
let current = "";
/** Whether the page knows whose unread marks count, and shows a room. */
let isStarted = false;
/** Why rooms cannot be entered. @type {Map<string, string>} */
const refusals = new Map();
/** Who types, by room: it is told only when it changes. @type {Map<string, any[]>} */
const typists = new Map();
/** The rosters we follow. @type {Map<string, any>} */
const rosters = new Map();
/** Where we may not see who is there. @type {Set<string>} */
const hidden = new Set();
let markTimer;

const conversation = new Conversation({ scroller: $("messages"), jump: $("jump") }, {
    history: (room, range) => parley.history(room, range),
    retry: ({ room, clientId }) => void parley.retry(room, clientId).catch(() => {}),
    discard: ({ room, clientId }) => parley.discard(room, clientId),
    seen: (room, offset) => unread.seen(room, offset),
});
const rooms = new RoomList($("room-list"));
const unread = new UnreadMarks(kept, () => markSoon());
const people = new People($("people"), $("open-people"), $("people-count"));
const announcer = new Announcer($("announcer"));
const visits = new RoomVisits(parley, ({ room, epoch, head }) => {
    rooms.add(room);
    unread.stands(room, epoch, head);
}, (room) => unread.count(room));
const composer = new Composer(
    { form: $("composer"), text: $("text"), label: $("text-label"), send: $("send"),
        hint: $("composer-hint") },
    new UnsentTexts(new Kept(keptByTab)),
    { send: publish, typing: (room, on) => parley.typing(room, on) });
const statusBar = new Status(
    { bar: $("state"), text: $("state-text"), said: $("state-said"), countdown: $("countdown"),
        button: $("state-action") },
    { reload: () => location.reload(), retry: () => parley.reconnect() }, token !== undefined);
const blank = new Blank(
    { page: document.body, blank: $("blank"), title: $("blank-title"), text: $("blank-text"),
        icon: $("blank").querySelector("use"), again: $("blank-again"), away: $("blank-away"),
        ways: [$("room"), $("open-rooms")] },
    { again: () => enter(current), away: () => leave(current) });
const drawers = [
    new Drawer({ panel: $("rooms"), opener: $("open-rooms"), closer: $("close-rooms"),
        backdrop: $("backdrop"), rest: [$("skip"), $("talk"), $("people-panel")] }, "(max-width: 44rem)"),
    new Drawer({ panel: $("people-panel"), opener: $("open-people"), closer: $("close-people"),
        backdrop: $("backdrop"), rest: [$("skip"), $("talk"), $("rooms")] }, "(max-width: 60rem)",
    () => document.body.classList.toggle("no-people")),
];

// --- what the server and the client tell ---

parley.on("state", (state) => {
    statusBar.show(state);
    composer.halt(state.state === "stopped" ? "Your session has ended; this stays here." : undefined);
    // Who we are will not be told now: rooms that were read before are shown all the same.
    if (state.state !== "connecting" && state.state !== "open") start();
});
parley.on("connected", ({ user, name, limits }) => {
    identify(user, name);
    composer.limit(limits?.bodyBytes);
    start();
    visits.connected(limits);
});
parley.on("joined", (detail) => {
    const { room, epoch, head } = detail;
    allow(room);
    visits.entered(room);
    rooms.add(room);
    unread.stands(room, epoch, head);
    conversation.joined(detail);
});
parley.on("refused", ({ room, error }) => {
    visits.left(room);
    // A room one cannot be in for want of places is no refusal until one wants to be there.
    if (error.name !== "tooManyRooms" || room === current) refuse(room, refusalSentence(error));
});
parley.on("publication", (publication) => {
    const { room, offset, user, isLive } = publication;
    const isOwn = user === parley.user;
    unread.said(room, offset);
    // Who writes in a room has read it, wherever that was.
    if (isOwn) unread.seen(room, offset);
    conversation.publication(publication);
    if (isLive && !isOwn && room === current) announcer.said(nameOf(publication), wordsOf(publication.body));
});
parley.on("gap", (gap) => conversation.gap(gap));
parley.on("reset", (reset) => {
    unread.reset(reset.room, reset.epoch, reset.after);
    conversation.reset(reset);
});
parley.on("draft", (draft) => {
    conversation.draft(draft);
    const isForbidden = draft.state === "failed" && draft.error?.name === "forbidden";
    if (isForbidden) composer.close(draft.room, "You may read here, but not write.");
});
parley.on("presence", ({ room, roster }) => {
    rosters.set(room, roster);
    showPeople();
});
parley.on("typing", ({ room, users }) => {
    typists.set(room, users);
    if (room === current) showTyping($("typing"), users);
});

// --- what the person does ---

followRoomForm({ form: $("room-form"), input: $("room"), fault: $("room-fault") }, go);
// The room that is shown already changes no address, and still closes the drawer.
$("room-list").addEventListener("click", ({ target }) => target.closest("a") && closeDrawers());
$("leave").addEventListener("click", () => leave(current));
$("open-rooms").addEventListener("click", () => rooms.reveal());
$("skip").addEventListener("click", () => composer.focus());
$("keys").addEventListener("click", () => $("keys-dialog").showModal());
$("keys-dialog").addEventListener("click", ({ target }) => target === $("keys-dialog") && target.close());
followTheme($("theme"), kept);
followShortcuts({
    switchRoom: (step, onlyUnread) => {
        const isWanted = (room) => room === current || !onlyUnread || unread.count(room) > 0;
        go(neighbour(rooms.rooms.filter(isWanted), current, step) ?? current);
    },
    newest: () => {
        conversation.toEnd();
        composer.focus();
    },
    keys: () => $("keys-dialog").showModal(),
});
addEventListener("visibilitychange", markSoon);
addEventListener("storage", ({ key }) => unread.stored(key));
addEventListener("hashchange", () => {
    if (location.hash.startsWith("#token=")) location.reload();
    else if (isStarted) show(roomOfFragment(location.hash));
});

if (location.hash.length < 2) history.replaceState(null, "", fragmentOfRoom(firstRoom));
if (parley.user !== undefined) identify(parley.user, own.stored);
statusBar.show(parley.state);
// With a token only the server knows who we are, and so what was read.
if (token === undefined) start();
else enter(roomOfFragment(location.hash));

function start() {
    if (isStarted) return;
    isStarted = true;
    show(roomOfFragment(location.hash));
}

/** @param {string} user @param {string} [name] */
function identify(user, name) {
    conversation.user = user;
    conversation.name = name;
    unread.identify(user);
    own.show({ user, name });
}

/** @param {string} room */
function go(room) {
    if (room !== "" && room === current) closeDrawers();
    else location.hash = fragmentOfRoom(room);
}

/** @param {string} room */
function show(room) {
    if (room === current && room !== "") return;
    const isFirst = current === "";
    current = room;
    closeDrawers();
    blank.hide();
    announcer.clear();
    rooms.select(room);
    $("room-title").textContent = $("room-title").title = balanced(room) || "Parley";
    $("leave").hidden = $("open-people").hidden = room === "";
    showPeople();
    showTyping($("typing"), typists.get(room) ?? []);
    markSoon();
    if (room === "") return blank.noRoom();
    composer.show(room);
    conversation.show(room, { readUpTo: unread.readUpTo(room) });
    if (refusals.has(room)) blank.refused(refusals.get(room) ?? "");
    enter(room);
    // On a telephone the keyboard would jump up at each room.
    if (!isFirst && matchMedia("(hover: hover)").matches) composer.focus();
}

/** Rooms shown before are not left: what is said there counts as unread. @param {string} room */
async function enter(room) {
    const fault = faultOfRoomName(room);
    if (fault !== undefined) return refuse(room, fault);
    try {
        await parley.join(room, { tail });
        await parley.presence(room);
        hidden.delete(room);
    } catch (error) {
        if (error.name === "forbidden") hidden.add(room);
    }
    showPeople();
}

function showPeople() {
    people.show(rosters.get(current), parley.user, hidden.has(current));
}

/** @param {string} room @param {string} sentence */
function refuse(room, sentence) {
    refusals.set(room, sentence);
    rooms.add(room);
    rooms.refuse(room, sentence);
    if (room === current) blank.refused(sentence);
}

/** @param {string} room */
function allow(room) {
    if (!refusals.delete(room)) return;
    rooms.refuse(room, undefined);
    if (room === current && blank.hide()) composer.focus();
}

/** @param {string} room */
function leave(room) {
    const next = neighbour(rooms.rooms, room, 1);
    parley.leave(room).catch(() => {});
    rooms.remove(room);
    for (const map of [refusals, typists, rosters]) map.delete(room);
    visits.left(room);
    unread.forget(room);
    conversation.forget(room);
    // An empty fragment is no room; the first one is only for those who come without any.
    location.hash = next === undefined || next === room ? "" : fragmentOfRoom(next);
}

/** @param {string} room @param {string} text */
function publish(room, text) {
    conversation.toEnd();
    const clientId = randomId();
    parley.publish(room, { text }, { clientId }).catch((error) => {
        // What was refused before it became a draft is shown nowhere else.
        if (parley.drafts(room).some((draft) => draft.clientId === clientId)) return;
        composer.giveBack(room, text);
        conversation.note(room, error.message);
    });
}

function closeDrawers() {
    drawers.forEach((drawer) => drawer.close(true));
}

/** A moment later: what one sees being said was never unread. */
function markSoon() {
    markTimer ??= setTimeout(() => {
        markTimer = undefined;
        // What has no offsets has no rows that say what was seen: it was, if the page was.
        if (current !== "" && document.visibilityState === "visible") unread.seen(current);
        for (const room of rooms.rooms) rooms.mark(room, unread.count(room));
        const { total } = unread;
        $("open-rooms").toggleAttribute("data-unread", total > unread.count(current));
        document.title = titleOf(current, total);
    }, 120);
}
