/** Who we say we are, and who the server said we are the last time: a guest stays the same guest, for a retry
 * is recognised only under the user who sent the draft first. Whose a token is only the server knows. */
export class Credentials {
    #options;
    #shelf;
    #key;
    /** Kept here too, where there is no storage. @type {string | undefined} */
    #last;

    /** @param {import("./client.js").Options} options
     * @param {import("./shelf.js").Shelf} shelf
     * @param {string} prefix */
    constructor(options, shelf, prefix) {
        const { token } = options;
        if (token !== undefined && typeof token !== "function" && (typeof token !== "string" || !token)) {
            throw new TypeError(
                "new Parley(url, { token }): a token is a text, or a function that gets one.");
        }
        this.#options = { ...options };
        this.#shelf = shelf;
        this.#key = `${prefix}guest`;
        /** Whether asking for the token again may give another one. */
        this.renewsToken = typeof token === "function";
    }

    /** @param {string | undefined} name */
    rename(name) {
        this.#options.name = name;
    }

    /** Who we are before the server says it; undefined at the first visit. Once known it stays for this page,
     * whatever another tab that came at the same moment was named.
     * @returns {string | undefined} */
    get user() {
        const { token, user } = this.#options;
        if (token !== undefined) return this.#last;
        return user ?? (this.#last ??= this.#shelf.read(this.#key) || undefined);
    }

    /** The server's word.
     * @param {string} user */
    named(user) {
        this.#last = user;
        const { token, user: given } = this.#options;
        if (token === undefined && given === undefined) this.#shelf.write(this.#key, user);
    }

    /** @returns {Promise<string | undefined>} */
    async token() {
        const { token } = this.#options;
        if (typeof token !== "function") return token;
        const given = await token();
        if (typeof given === "string" && given !== "") return given;
        throw new TypeError("the token function gave none");
    }

    /** What `connect` says of us.
     * @param {string | undefined} token */
    hello(token) {
        return token === undefined ? { user: this.user, name: this.#options.name } : { token };
    }
}
