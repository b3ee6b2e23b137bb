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
        BrowserAsset("/", "text/html; charset=utf-8", PackageResources.index_html),
        BrowserAsset(
            "/client.d.ts", "text/plain; charset=utf-8", PackageResources.client_d_ts, isForEveryone: true),
        BrowserAsset("/client.js", javaScript, Array(client.utf8), isForEveryone: true),
        script("/page/app.js", PackageResources.app_js),
        script("/page/displayed-text.js", PackageResources.displayed_text_js),
        script("/page/graphemes.js", PackageResources.graphemes_js),
        BrowserAsset("/page/icon.svg", "image/svg+xml", PackageResources.icon_svg),
        script("/page/links.js", PackageResources.links_js),
        script("/page/message-list.js", PackageResources.message_list_js),
        script("/page/names.js", PackageResources.names_js),
        script("/page/rich-text-tokens.js", PackageResources.rich_text_tokens_js),
        script("/page/rich-text.js", PackageResources.rich_text_js),
        script("/page/room-list.js", PackageResources.room_list_js),
        script("/page/room-log.js", PackageResources.room_log_js),
        BrowserAsset("/page/style.css", "text/css; charset=utf-8", PackageResources.style_css),
    ]

    private static let javaScript = "text/javascript; charset=utf-8"

    /// The browser client in one file.
    private static let client = ClientBundle.join(
        clientModules.mapValues { String(decoding: $0, as: UTF8.self) }, entry: "client.js",
        banner: "// Parley's browser client. Documentation: docs/client.md; types: client.d.ts; Apache-2.0.")

    /// The modules of the browser client by file name.
    private static let clientModules: [String: [UInt8]] = [
        "address.js": PackageResources.address_js,
        "backoff.js": PackageResources.backoff_js,
        "bounded-wait.js": PackageResources.bounded_wait_js,
        "browser-events.js": PackageResources.browser_events_js,
        "client.js": PackageResources.client_js,
        "commands.js": PackageResources.commands_js,
        "connection-state.js": PackageResources.connection_state_js,
        "connection.js": PackageResources.connection_js,
        "draft-list.js": PackageResources.draft_list_js,
        "draft-store.js": PackageResources.draft_store_js,
        "emitter.js": PackageResources.emitter_js,
        "envelope.js": PackageResources.envelope_js,
        "environment.js": PackageResources.environment_js,
        "errors.js": PackageResources.errors_js,
        "guest.js": PackageResources.guest_js,
        "heartbeat.js": PackageResources.heartbeat_js,
        "outbox.js": PackageResources.outbox_js,
        "presence.js": PackageResources.presence_js,
        "rooms.js": PackageResources.rooms_js,
        "roster.js": PackageResources.roster_js,
        "shapes.js": PackageResources.shapes_js,
        "subscription.js": PackageResources.subscription_js,
        "tabs.js": PackageResources.tabs_js,
        "token-renewal.js": PackageResources.token_renewal_js,
        "typing.js": PackageResources.typing_js,
        "version.js": PackageResources.version_js,
        "websocket-transport.js": PackageResources.websocket_transport_js,
    ]

    /// FNV-1a of 64 bits, in hexadecimal. It tells one build's file from another's; it protects nothing.
    static func hash(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func script(_ path: String, _ bytes: [UInt8]) -> BrowserAsset {
        BrowserAsset(path, javaScript, bytes)
    }
}
