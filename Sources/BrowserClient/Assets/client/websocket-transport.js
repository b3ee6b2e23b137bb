import { decode } from "./envelope.js";

/** So long a close event may take after an error; where a page's own policy forbids the address, none
 * comes. */
const closeMs = 1000;

/**
 * @typedef {object} TransportDelegate
 * @property {() => void} opened
 * @property {(message: import("./envelope.js").Message) => void} received
 * @property {(end: {code: number, reason: string, wasOpen: boolean}) => void} closed called once, and nothing
 *     after it
 */

/** One WebSocket: text frames of newline-separated JSON objects. It knows nothing of their meaning. */
export class WebSocketTransport {
    #socket;
    #delegate;
    #wasOpen = false;
    #isOver = false;

    /** @param {string} url
     * @param {import("./environment.js").Environment} environment
     * @param {TransportDelegate} delegate */
    constructor(url, environment, delegate) {
        this.#delegate = delegate;
        this.#socket = new environment.WebSocket(url, "parley.v1");
        this.#socket.onopen = () => this.#opened();
        this.#socket.onmessage = (event) => this.#received(event.data);
        this.#socket.onclose = (event) => this.#end(event.code, event.reason);
        const end = () => this.#end(1006, "The browser did not connect, and its console says why");
        this.#socket.onerror = () => environment.setTimeout(end, closeMs);
    }

    /** @param {string} line */
    send(line) {
        if (!this.#isOver) this.#socket.send(line);
    }

    /** Ends the connection and tells the delegate at once: a browser's own close event may take a minute
     * where the network is gone.
     * @param {string} [reason] for the delegate */
    abandon(reason = "") {
        if (this.#isOver) return;
        this.#end(1006, reason);
        this.#socket.close();
    }

    #opened() {
        if (this.#isOver) return;
        this.#wasOpen = true;
        this.#delegate.opened();
    }

    #received(data) {
        try {
            const messages = decode(data);
            for (const message of messages) {
                if (this.#isOver) return;
                this.#delegate.received(message);
            }
        } catch (error) {
            this.abandon(`The server sent what is not the protocol: ${error.message}`);
        }
    }

    #end(code, reason) {
        if (this.#isOver) return;
        this.#isOver = true;
        this.#delegate.closed({ code, reason, wasOpen: this.#wasOpen });
    }
}
