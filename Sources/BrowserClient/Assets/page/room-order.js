/** Rooms stand by their names, as people sort them: a list that moves under the pointer helps nobody, and
 * what is new shows by its number. */
const roomCollator = new Intl.Collator(undefined, { numeric: true });

/** @param {string} left
 * @param {string} right */
export function compareRooms(left, right) {
    // Two names may be equal to a reader and not to the server.
    return roomCollator.compare(left, right) || (left < right ? -1 : left > right ? 1 : 0);
}

/** Where a room belongs in a sorted list.
 * @param {string} room
 * @param {string[]} rooms */
export function placeOf(room, rooms) {
    let [from, to] = [0, rooms.length];
    while (from < to) {
        const middle = (from + to) >> 1;
        if (compareRooms(rooms[middle], room) < 0) from = middle + 1;
        else to = middle;
    }
    return from;
}

/** The room `step` places below `room` in a sorted list, going round; the first where it is not in the list.
 * @param {string[]} rooms
 * @param {string} room
 * @param {number} step
 * @returns {string | undefined} */
export function neighbour(rooms, room, step) {
    const place = rooms.indexOf(room);
    if (place < 0) return rooms[0];
    return rooms[(place + step + rooms.length) % rooms.length];
}
