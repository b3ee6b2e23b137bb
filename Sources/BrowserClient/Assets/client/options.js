/** Complains about options that cannot be meant, where they were written.
 * @param {any} options */
export function checkOptions(options) {
    if (options === null || typeof options !== "object") throw new TypeError("new Parley(url, options): an object.");
    for (const [name, kinds] of Object.entries({ token: ["string", "function"], user: ["string"], name: ["string"] })) {
        const kind = typeof options[name];
        if (kind !== "undefined" && !kinds.includes(kind)) {
            throw new TypeError(`new Parley: the option ${name} is a ${kinds.join(" or a ")}, not ${options[name]}.`);
        }
    }
    if (options.token === "") throw new TypeError("new Parley: the option token is empty.");
}
