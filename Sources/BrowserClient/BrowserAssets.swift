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
        script("/page/announcer.js", PackageResources.announcer_js),
        script("/page/app.js", PackageResources.app_js),
        script("/page/blank.js", PackageResources.blank_js),
        script("/page/composer.js", PackageResources.composer_js),
        style("/page/controls.css", PackageResources.controls_css),
        script("/page/conversation.js", PackageResources.conversation_js),
        script("/page/day-label.js", PackageResources.day_label_js),
        script("/page/displayed-text.js", PackageResources.displayed_text_js),
        script("/page/drafts.js", PackageResources.drafts_js),
        script("/page/drawer.js", PackageResources.drawer_js),
        script("/page/elements.js", PackageResources.elements_js),
        script("/page/graphemes.js", PackageResources.graphemes_js),
        script("/page/history-reader.js", PackageResources.history_reader_js),
        BrowserAsset("/page/icon.svg", "image/svg+xml", PackageResources.icon_svg),
        script("/page/jump-button.js", PackageResources.jump_button_js),
        script("/page/kept.js", PackageResources.kept_js),
        script("/page/known-names.js", PackageResources.known_names_js),
        style("/page/layout.css", PackageResources.layout_css),
        script("/page/links.js", PackageResources.links_js),
        script("/page/message-size.js", PackageResources.message_size_js),
        script("/page/message-text.js", PackageResources.message_text_js),
        script("/page/message-view.js", PackageResources.message_view_js),
        style("/page/messages.css", PackageResources.messages_css),
        script("/page/names.js", PackageResources.names_js),
        script("/page/own-name.js", PackageResources.own_name_js),
        script("/page/people.js", PackageResources.people_js),
        script("/page/plain-row-view.js", PackageResources.plain_row_view_js),
        script("/page/read-place.js", PackageResources.read_place_js),
        script("/page/rich-text-tokens.js", PackageResources.rich_text_tokens_js),
        script("/page/rich-text.js", PackageResources.rich_text_js),
        script("/page/room-address.js", PackageResources.room_address_js),
        script("/page/room-form.js", PackageResources.room_form_js),
        script("/page/room-list.js", PackageResources.room_list_js),
        script("/page/room-name.js", PackageResources.room_name_js),
        script("/page/room-order.js", PackageResources.room_order_js),
        script("/page/room-visits.js", PackageResources.room_visits_js),
        script("/page/shortcuts.js", PackageResources.shortcuts_js),
        style("/page/sidebar.css", PackageResources.sidebar_css),
        script("/page/state-sentence.js", PackageResources.state_sentence_js),
        script("/page/status.js", PackageResources.status_js),
        script("/page/stretch.js", PackageResources.stretch_js),
        style("/page/style.css", PackageResources.style_css),
        script("/page/theme-choice.js", PackageResources.theme_choice_js),
        script("/page/theme.js", PackageResources.theme_js),
        script("/page/timeline-rows.js", PackageResources.timeline_rows_js),
        script("/page/timeline-view.js", PackageResources.timeline_view_js),
        script("/page/timeline.js", PackageResources.timeline_js),
        script("/page/timelines.js", PackageResources.timelines_js),
        script("/page/typing-line.js", PackageResources.typing_line_js),
        script("/page/unread.js", PackageResources.unread_js),
        script("/page/unsent-texts.js", PackageResources.unsent_texts_js),
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
        "refusal.js": PackageResources.refusal_js,
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

    private static func style(_ path: String, _ bytes: [UInt8]) -> BrowserAsset {
        BrowserAsset(path, "text/css; charset=utf-8", bytes)
    }

    private static func script(_ path: String, _ bytes: [UInt8]) -> BrowserAsset {
        BrowserAsset(path, javaScript, bytes)
    }
}
