// Names, addresses and order of rooms, and which of them are joined unasked.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
    fragmentOfRoom, roomOfFragment, tokenOfFragment,
} from "../../Sources/BrowserClient/Assets/page/room-address.js";
import { faultOfRoomName } from "../../Sources/BrowserClient/Assets/page/room-name.js";
import { compareRooms, neighbour, placeOf } from "../../Sources/BrowserClient/Assets/page/room-order.js";
import { RoomVisits } from "../../Sources/BrowserClient/Assets/page/room-visits.js";
import { settle } from "./world.mjs";

test("a room's name comes back out of its address, whatever is in it", () => {
    for (const room of ["lobby", "support:42", "a/b?c#d%", "token=x&room=y", "שלום עולם", "50%", "👩‍👩‍👧"]) {
        assert.equal(roomOfFragment(fragmentOfRoom(room)), room);
        assert.equal(tokenOfFragment(fragmentOfRoom(room)), undefined);
    }
    assert.equal(roomOfFragment("#100%"), "100%");
    assert.equal(fragmentOfRoom("\ud800"), "#%EF%BF%BD");
});

test("a token in the address may bring its room; an empty one forgets", () => {
    assert.deepEqual(
        tokenOfFragment("#token=a.b-c_d&room=support%3A7"), { token: "a.b-c_d", room: "support:7" });
    assert.deepEqual(tokenOfFragment("#token="), { token: "", room: "" });
    assert.equal(tokenOfFragment("#lobby"), undefined);
});

test("what is wrong with a room's name is said in a sentence", () => {
    for (const fine of ["lobby", "support:42", "x".repeat(200), "ü".repeat(100)]) {
        assert.equal(faultOfRoomName(fine), undefined);
    }
    for (const wrong of ["", "$user:1", "a*", "a\u0007b", "\udfff", "x".repeat(201), "ü".repeat(101)]) {
        assert.match(faultOfRoomName(wrong) ?? "", /^[A-Z].*\.$/, JSON.stringify(wrong));
    }
    assert.equal(faultOfRoomName("ü".repeat(101)), "This name is too long by 2 bytes.");
});

test("rooms stand as people sort them, and each new one finds its place", () => {
    const rooms = [];
    for (const room of ["support:10", "lobby", "support:9", "Äpfel", "zoo", "apfel"]) {
        rooms.splice(placeOf(room, rooms), 0, room);
    }
    assert.deepEqual(rooms, [...rooms].sort(compareRooms));
    assert.deepEqual(rooms.filter((room) => room.startsWith("support")), ["support:9", "support:10"]);
    // One reads them as the same name, and the server does not.
    assert.notEqual(compareRooms("\u00e9", "e\u0301"), 0);
});

test("the next room goes round, and is the first where one is in none", () => {
    const rooms = ["a", "b", "c"];
    assert.deepEqual(["a", "b", "c"].map((room) => neighbour(rooms, room, 1)), ["b", "c", "a"]);
    assert.equal(neighbour(rooms, "a", -1), "c");
    assert.equal(neighbour(rooms, "x", 1), "a");
    assert.equal(neighbour([], "x", 1), undefined);
});

/** A server's list of so many rooms, and what was joined. */
function listing(count, pageLength = 100) {
    const names = Array.from({ length: count }, (_, index) => `r${String(index).padStart(4, "0")}`);
    const joined = [];
    let open = 0;
    let most = 0;
    const parley = {
        rooms: async ({ after = "" }) => {
            const rest = names.filter((name) => name > after);
            const rooms = rest.slice(0, pageLength).map((room) => ({ room }));
            return { rooms, more: rest.length > pageLength };
        },
        join: async (room) => {
            joined.push(room);
            most = Math.max(most, open += 1);
            await settle();
            open -= 1;
            if (room === "r0001") throw new Error("forbidden");
        },
    };
    const listed = [];
    const visits = new RoomVisits(parley, ({ room }) => listed.push(room));
    return { visits, joined, listed, mostAtOnce: () => most };
}

test("all rooms are listed; so many are joined that some places are left, few at once", async () => {
    const { visits, joined, listed, mostAtOnce } = listing(250);
    await visits.connected({ roomsPerSession: 200 });
    assert.equal(listed.length, 250);
    assert.equal(new Set(joined).size, joined.length);
    // One was refused, and its place went to another.
    assert.equal(joined.length, 181);
    assert.ok(mostAtOnce() <= 4);
});

test("on the next connection only what is new is joined; what was left may be joined again", async () => {
    const { visits, joined } = listing(3);
    await visits.connected({ roomsPerSession: 200 });
    assert.deepEqual(joined, ["r0000", "r0001", "r0002"]);
    visits.left("r0002");
    await visits.connected({ roomsPerSession: 200 });
    assert.deepEqual(joined.slice(3), ["r0001", "r0002"]);
});

test("a list that cannot be read harms nothing", async () => {
    const visits = new RoomVisits({ rooms: async () => { throw new Error("unavailable"); } }, () => {});
    await visits.connected(undefined);
});

test("what is unread is read up to a limit: our own, from another device, is among it", async () => {
    const joins = [];
    const parley = {
        rooms: async () => ({ rooms: ["none", "few", "many"].map((room) => ({ room })), more: false }),
        join: async (room, { tail }) => joins.push([room, tail]),
    };
    const unread = { none: 0, few: 11, many: 9000 };
    await new RoomVisits(parley, () => {}, (room) => unread[room]).connected(undefined);
    assert.deepEqual(joins, [["none", 1], ["few", 11], ["many", 50]]);
});
