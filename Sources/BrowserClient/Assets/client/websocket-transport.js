import { decode } from "./envelope.js";

/**
 * @typedef {object} TransportDelegate
 * @property {() => void} opened
 * @property {(message: import("./envelope.js").Message) => void} received
 * @property {(end: {code: number, reason: string}) => void} closed called once, and nothing after it
 */

/** One WebSocket: text frames of newline-separated JSON objects. It knows nothing of their meaning. */
export class WebSocketTransport {
    #socket;
    #delegate;
    #isOver = false;

    /** @param {string} url
     * @param {typeof globalThis.WebSocket} WebSocket
     * @param {TransportDelegate} delegate */
    constructor(url, WebSocket, delegate) {
        this.#delegate = delegate;
        this.#socket = new WebSocket(url, "parley.v1");
        this.#socket.onopen = () => this.#isOver || delegate.opened();
        this.#socket.onmessage = (event) => this.#received(event.data);
        this.#socket.onclose = (event) => this.#end(event.code, event.reason);
        // A close event follows, and says as much as a page may know.
        this.#socket.onerror = () => {};
    }

    /** @param {string} line */
    send(line) {
        if (!this.#isOver) this.#socket.send(line);
    }

    /** Ends the connection and tells the delegate at once: a browser's own close event may take a minute
     * where the network is gone.
     * @param {string} reason for the delegate */
    abandon(reason) {
        if (this.#isOver) return;
        this.#end(1006, reason);
        this.#socket.close();
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
        this.#delegate.closed({ code, reason });
    }
}
