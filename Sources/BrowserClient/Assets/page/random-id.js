/** A name for a message that nobody else gives. `randomUUID` is not there on pages without TLS.
 * @returns {string} */
export function randomId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
