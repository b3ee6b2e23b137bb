/** Listens to what the browser knows of network and page; the answer ends it.
 * @param {EventTarget | undefined} events
 * @param {import("./connection.js").Connection} connection */
export function followBrowser(events, connection) {
    const hasten = () => connection.hasten();
    const pause = () => connection.pause();
    const listeners = { online: hasten, pageshow: hasten, focus: hasten, offline: pause };
    for (const [type, listener] of Object.entries(listeners)) events?.addEventListener(type, listener);
    return () => {
        for (const [type, listener] of Object.entries(listeners)) events?.removeEventListener(type, listener);
    };
}
