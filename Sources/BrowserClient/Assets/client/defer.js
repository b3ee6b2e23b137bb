/** Gives something a promise, and what settles it.
 * @template T
 * @param {T} owner
 * @returns {T & {promise: Promise<any>, resolve: (value: any) => void, reject: (error: Error) => void}} */
export function defer(owner) {
    const promise = new Promise((resolve, reject) => Object.assign(owner, { resolve, reject }));
    return /** @type {any} */ (Object.assign(owner, { promise }));
}
