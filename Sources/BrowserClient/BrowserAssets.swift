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
        script("/page/app.js", Array(page.utf8)),
        style("/page/controls.css", PackageResources.controls_css),
        BrowserAsset("/page/icon.svg", "image/svg+xml", PackageResources.icon_svg),
        style("/page/layout.css", PackageResources.layout_css),
        style("/page/messages.css", PackageResources.messages_css),
        style("/page/sidebar.css", PackageResources.sidebar_css),
        style("/page/style.css", PackageResources.style_css),
        script("/page/theme.js", PackageResources.theme_js),
    ]

    private static let javaScript = "text/javascript; charset=utf-8"

    /// The page's script in one file; it imports `/client.js`.
    private static let page = ModuleBundle.join(
        pageModules.mapValues { String(decoding: $0, as: UTF8.self) }, entry: "app.js",
        banner: "// Parley's chat page. Apache-2.0.")

    /// The browser client in one file.
    private static let client = ModuleBundle.join(
        clientModules.mapValues { String(decoding: $0, as: UTF8.self) }, entry: "client.js",
        banner: "// Parley's browser client. Documentation: docs/client.md; types: client.d.ts; Apache-2.0.",
        isShort: true)

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
        "credentials.js": PackageResources.credentials_js,
        "defer.js": PackageResources.defer_js,
        "draft-list.js": PackageResources.draft_list_js,
        "draft-store.js": PackageResources.draft_store_js,
        "emitter.js": PackageResources.emitter_js,
        "envelope.js": PackageResources.envelope_js,
        "environment.js": PackageResources.environment_js,
        "errors.js": PackageResources.errors_js,
        "heartbeat.js": PackageResources.heartbeat_js,
        "outbox.js": PackageResources.outbox_js,
        "presence.js": PackageResources.presence_js,
        "refusal.js": PackageResources.refusal_js,
        "rooms.js": PackageResources.rooms_js,
        "roster.js": PackageResources.roster_js,
        "shapes.js": PackageResources.shapes_js,
        "shelf.js": PackageResources.shelf_js,
        "subscription.js": PackageResources.subscription_js,
        "tabs.js": PackageResources.tabs_js,
        "token-renewal.js": PackageResources.token_renewal_js,
        "typing.js": PackageResources.typing_js,
        "version.js": PackageResources.version_js,
        "websocket-transport.js": PackageResources.websocket_transport_js,
    ]

    /// The modules of the page by file name.
    private static let pageModules: [String: [UInt8]] = [
        "announcer.js": PackageResources.announcer_js,
        "app.js": PackageResources.app_js,
        "blank.js": PackageResources.blank_js,
        "collator.js": PackageResources.collator_js,
        "composer.js": PackageResources.composer_js,
        "conversation.js": PackageResources.conversation_js,
        "day-label.js": PackageResources.day_label_js,
        "displayed-text.js": PackageResources.displayed_text_js,
        "drafts.js": PackageResources.drafts_js,
        "drawer.js": PackageResources.drawer_js,
        "elements.js": PackageResources.elements_js,
        "graphemes.js": PackageResources.graphemes_js,
        "history-reader.js": PackageResources.history_reader_js,
        "jump-button.js": PackageResources.jump_button_js,
        "kept.js": PackageResources.kept_js,
        "known-names.js": PackageResources.known_names_js,
        "links.js": PackageResources.links_js,
        "message-size.js": PackageResources.message_size_js,
        "message-text.js": PackageResources.message_text_js,
        "message-view.js": PackageResources.message_view_js,
        "names.js": PackageResources.names_js,
        "own-name.js": PackageResources.own_name_js,
        "page-title.js": PackageResources.page_title_js,
        "people.js": PackageResources.people_js,
        "plain-row-view.js": PackageResources.plain_row_view_js,
        "random-id.js": PackageResources.random_id_js,
        "read-place.js": PackageResources.read_place_js,
        "refusal-sentence.js": PackageResources.refusal_sentence_js,
        "rich-text-tokens.js": PackageResources.rich_text_tokens_js,
        "rich-text.js": PackageResources.rich_text_js,
        "room-address.js": PackageResources.room_address_js,
        "room-form.js": PackageResources.room_form_js,
        "room-list.js": PackageResources.room_list_js,
        "room-name.js": PackageResources.room_name_js,
        "room-order.js": PackageResources.room_order_js,
        "room-visits.js": PackageResources.room_visits_js,
        "scroll-keys.js": PackageResources.scroll_keys_js,
        "shortcuts.js": PackageResources.shortcuts_js,
        "state-sentence.js": PackageResources.state_sentence_js,
        "status.js": PackageResources.status_js,
        "stretch.js": PackageResources.stretch_js,
        "theme-choice.js": PackageResources.theme_choice_js,
        "timeline-rows.js": PackageResources.timeline_rows_js,
        "timeline-view.js": PackageResources.timeline_view_js,
        "timeline.js": PackageResources.timeline_js,
        "timelines.js": PackageResources.timelines_js,
        "typing-line.js": PackageResources.typing_line_js,
        "unread.js": PackageResources.unread_js,
        "unsent-texts.js": PackageResources.unsent_texts_js,
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
