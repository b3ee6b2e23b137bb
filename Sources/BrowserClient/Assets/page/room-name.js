/** What is wrong with a name for a room, for the person who wrote it; nothing where it is fine.
 * The server has the last word (protocol/chat.md, section 3).
 * @param {string} name
 * @returns {string | undefined} */
export function faultOfRoomName(name) {
    if (name === "") return "Write the name of a room first.";
    if (name.startsWith("$")) return "Names that begin with $ are the server's own.";
    if (name.includes("*")) return "A room's name has no * in it.";
    if (/\p{Cc}/u.test(name)) return "There is a character in this name that cannot be seen.";
    if (/\p{Cs}/u.test(name)) return "There is half a character in this name.";
    const bytes = new TextEncoder().encode(name).length;
    if (bytes <= 200) return undefined;
    return bytes === 201
        ? "This name is too long by 1 byte." : `This name is too long by ${bytes - 200} bytes.`;
}
