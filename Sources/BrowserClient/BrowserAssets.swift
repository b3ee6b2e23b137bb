/// One file of the page, ready to be served from memory.
package struct BrowserAsset: Sendable {
    /// Where it is served: `/client.js`; the page itself at `/`.
    package let path: String
    /// The value of `Content-Type`.
    package let contentType: String
    /// The file.
    package let bytes: [UInt8]
    /// A strong entity tag, quotes included (RFC 9110 §8.8.3): equal for equal bytes, also after a restart.
    package let etag: String

    init(_ path: String, _ contentType: String, _ bytes: [UInt8]) {
        self.path = path
        self.contentType = contentType
        self.bytes = bytes
        etag = "\"\(BrowserAssets.hash(of: bytes))\""
    }
}

/// The page and the browser client, compiled into the binary: nothing has to lie beside it.
package enum BrowserAssets {
    /// Every file, in the order of the paths but for the page, which is first. Made once, at the first use.
    package static let all: [BrowserAsset] = [
        BrowserAsset("/", "text/html; charset=utf-8", PackageResources.index_html),
        script("/app.js", PackageResources.app_js),
        script("/backoff.js", PackageResources.backoff_js),
        script("/browser-events.js", PackageResources.browser_events_js),
        script("/client.js", PackageResources.client_js),
        script("/commands.js", PackageResources.commands_js),
        script("/connection-state.js", PackageResources.connection_state_js),
        script("/connection.js", PackageResources.connection_js),
        script("/draft-store.js", PackageResources.draft_store_js),
        script("/emitter.js", PackageResources.emitter_js),
        script("/envelope.js", PackageResources.envelope_js),
        script("/environment.js", PackageResources.environment_js),
        script("/errors.js", PackageResources.errors_js),
        script("/guest.js", PackageResources.guest_js),
        script("/heartbeat.js", PackageResources.heartbeat_js),
        script("/message-list.js", PackageResources.message_list_js),
        script("/outbox.js", PackageResources.outbox_js),
        script("/presence.js", PackageResources.presence_js),
        script("/room-list.js", PackageResources.room_list_js),
        script("/room-log.js", PackageResources.room_log_js),
        script("/rooms.js", PackageResources.rooms_js),
        script("/roster.js", PackageResources.roster_js),
        BrowserAsset("/style.css", "text/css; charset=utf-8", PackageResources.style_css),
        script("/subscription.js", PackageResources.subscription_js),
        script("/token-renewal.js", PackageResources.token_renewal_js),
        script("/typing.js", PackageResources.typing_js),
        script("/websocket-transport.js", PackageResources.websocket_transport_js),
    ]

    /// FNV-1a of 64 bits, in hexadecimal. It tells one build's file from another's; it protects nothing.
    static func hash(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func script(_ path: String, _ bytes: [UInt8]) -> BrowserAsset {
        BrowserAsset(path, "text/javascript; charset=utf-8", bytes)
    }
}
