/** Home and End lead to the beginning and the end of the room, which may not be on the page yet.
 * @param {HTMLElement} scroller
 * @param {{toStart: () => void, toEnd: () => void}} actions */
export function followScrollKeys(scroller, actions) {
    scroller.addEventListener("keydown", (event) => {
        const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
        if (event.target !== scroller || !isPlain || (event.key !== "Home" && event.key !== "End")) return;
        event.preventDefault();
        if (event.key === "Home") actions.toStart();
        else actions.toEnd();
    });
}
