/** What a key asks for, if it is one of ours.
 * @param {{key: string, altKey: boolean, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean,
 *     isComposing?: boolean}} event
 * @param {boolean} isWriting whether the focus is where one writes
 * @returns {{does: "switch", step: 1 | -1, onlyUnread: boolean} | {does: "newest"} | {does: "keys"}
 *     | undefined} */
export function shortcutOf({ key, altKey, shiftKey, ctrlKey, metaKey, isComposing }, isWriting) {
    if (ctrlKey || metaKey || isComposing) return undefined;
    if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
        return { does: "switch", step: key === "ArrowUp" ? -1 : 1, onlyUnread: shiftKey };
    }
    if (altKey) return undefined;
    if (key === "Escape") return { does: "newest" };
    if (key === "?" && !isWriting) return { does: "keys" };
    return undefined;
}

/** Listens to the whole page; open dialogs and drawers take their keys first.
 * @param {{switchRoom: (step: number, onlyUnread: boolean) => void, newest: () => void,
 *     keys: () => void}} actions */
export function followShortcuts(actions) {
    addEventListener("keydown", (event) => {
        if (event.defaultPrevented || document.querySelector("dialog[open], [data-open]")) return;
        const isWriting = event.target instanceof HTMLElement && event.target.matches("input, textarea");
        const shortcut = shortcutOf(event, isWriting);
        if (!shortcut) return;
        event.preventDefault();
        if (shortcut.does === "switch") actions.switchRoom(shortcut.step, shortcut.onlyUnread);
        else actions[shortcut.does]();
    });
}
