/// One file for browsers, ready to be served from memory.
package struct BrowserAsset: Sendable {
    /// Where it is served: `/client.js`; the page itself at `/`.
    package let path: String
    /// The value of `Content-Type`.
    package let contentType: String
    /// The file.
    package let bytes: [UInt8]
    /// A strong entity tag, quotes included (RFC 9110 §8.8.3): equal for equal bytes, also after a restart.
    package let etag: String
    /// Whether pages of other origins may load it.
    package let isForEveryone: Bool

    init(_ path: String, _ contentType: String, _ bytes: [UInt8], isForEveryone: Bool = false) {
        self.path = path
        self.contentType = contentType
        self.bytes = bytes
        self.isForEveryone = isForEveryone
        etag = "\"\(BrowserAssets.hash(of: bytes))\""
    }
}

/// The page and the browser client, compiled into the binary: nothing has to lie beside it.
package enum BrowserAssets {
    /// Every file, in the order of the paths but for the page, which is first. Made once, at the first use.
    package static let all: [BrowserAsset] = [
        BrowserAsset("/", "text/html; charset=utf-8", BrowserFiles.bytes(of: "index.html")),
        BrowserAsset(
            "/client.d.ts", "text/plain; charset=utf-8", BrowserFiles.bytes(of: "client.d.ts"),
            isForEveryone: true),
        BrowserAsset("/client.js", javaScript, Array(client.utf8), isForEveryone: true),
        script("/page/app.js", Array(page.utf8)),
        style("/page/controls.css", BrowserFiles.bytes(of: "controls.css")),
        BrowserAsset("/page/icon.svg", "image/svg+xml", BrowserFiles.bytes(of: "icon.svg")),
        style("/page/layout.css", BrowserFiles.bytes(of: "layout.css")),
        style("/page/messages.css", BrowserFiles.bytes(of: "messages.css")),
        style("/page/sidebar.css", BrowserFiles.bytes(of: "sidebar.css")),
        style("/page/style.css", BrowserFiles.bytes(of: "style.css")),
        script("/page/theme.js", BrowserFiles.bytes(of: "theme.js")),
    ]

    private static let javaScript = "text/javascript; charset=utf-8"

    /// The page's script in one file; it imports `/client.js`.
    private static let page = ModuleBundle.join(
        pageModules, entry: "app.js",
        banner: "// Parley's chat page. Apache-2.0.")

    /// The browser client in one file.
    private static let client = ModuleBundle.join(
        clientModules, entry: "client.js",
        banner: "// Parley's browser client. Documentation: docs/client.md; types: client.d.ts; Apache-2.0.",
        isShort: true)

    /// The modules of the browser client by file name.
    private static let clientModules = modules([
        "address.js", "backoff.js", "bounded-wait.js", "browser-events.js", "client.js", "commands.js",
        "connection-state.js", "connection.js", "credentials.js", "defer.js", "draft-list.js",
        "draft-store.js", "emitter.js", "envelope.js", "environment.js", "errors.js", "heartbeat.js",
        "outbox.js", "presence.js", "refusal.js", "rooms.js", "roster.js", "shapes.js", "shelf.js",
        "subscription.js", "tabs.js", "token-renewal.js", "typing.js", "version.js",
        "websocket-transport.js",
    ])

    /// The modules of the page by file name.
    private static let pageModules = modules([
        "announcer.js", "app.js", "blank.js", "collator.js", "composer.js", "conversation.js",
        "day-label.js", "displayed-text.js", "drafts.js", "drawer.js", "elements.js", "graphemes.js",
        "history-reader.js", "jump-button.js", "kept.js", "known-names.js", "links.js",
        "message-size.js", "message-text.js", "message-view.js", "names.js", "own-name.js",
        "page-title.js", "people.js", "plain-row-view.js", "random-id.js", "read-place.js",
        "refusal-sentence.js", "rich-text-tokens.js", "rich-text.js", "room-address.js", "room-form.js",
        "room-list.js", "room-name.js", "room-order.js", "room-visits.js", "scroll-keys.js",
        "shortcuts.js", "state-sentence.js", "status.js", "stretch.js", "theme-choice.js",
        "timeline-rows.js", "timeline-view.js", "timeline.js", "timelines.js", "typing-line.js",
        "unread.js", "unsent-texts.js",
    ])

    private static func modules(_ names: [String]) -> [String: String] {
        var texts: [String: String] = [:]
        for name in names { texts[name] = String(decoding: BrowserFiles.bytes(of: name), as: UTF8.self) }
        return texts
    }

    /// FNV-1a of 64 bits, in hexadecimal. It tells one build's file from another's; it protects nothing.
    static func hash(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func style(_ path: String, _ bytes: [UInt8]) -> BrowserAsset {
        BrowserAsset(path, "text/css; charset=utf-8", bytes)
    }

    private static func script(_ path: String, _ bytes: [UInt8]) -> BrowserAsset {
        BrowserAsset(path, javaScript, bytes)
    }
}
