/** Who was here last. A guest stays the same guest: a retry is recognised only under the user who sent the draft
 * first. Who comes by a token is known from the server only; until then drafts are kept under this name. */
export class Guest {
    #storage;
    #key;
    /** Kept here too, where there is no storage. @type {string | undefined} */
    #user;

    /** @param {Storage | undefined} storage
     * @param {string} key */
    constructor(storage, key) {
        this.#storage = storage;
        this.#key = key;
    }

    /** Who we were named; undefined at the first visit. Once known it stays for this page, whatever another
     * tab that came at the same moment was named.
     * @returns {string | undefined} */
    get user() {
        try {
            this.#user ??= this.#storage?.getItem(this.#key) ?? undefined;
        } catch {
            // A storage that cannot be read knows nobody.
        }
        return this.#user;
    }

    /** The server's word.
     * @param {string} user a name of its own making, random enough that nobody else has it */
    named(user) {
        this.#user = user;
        try {
            this.#storage?.setItem(this.#key, user);
        } catch {
            // The next visit is another guest's.
        }
    }
}
