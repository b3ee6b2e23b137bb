internal import CBrowserAssets

/// The files of `Assets` by name, as they lie in the binary.
enum BrowserFiles {
    /// Their names, in the order in which `CBrowserAssets/files.c` has them.
    static let names = [
        "address.js", "backoff.js", "bounded-wait.js", "browser-events.js", "client.d.ts", "client.js",
        "commands.js", "connection-state.js", "connection.js", "credentials.js", "defer.js",
        "draft-list.js", "draft-store.js", "emitter.js", "envelope.js", "environment.js", "errors.js",
        "heartbeat.js", "outbox.js", "presence.js", "refusal.js", "rooms.js", "roster.js", "shapes.js",
        "shelf.js", "subscription.js", "tabs.js", "token-renewal.js", "typing.js", "version.js",
        "websocket-transport.js", "announcer.js", "app.js", "blank.js", "collator.js", "composer.js",
        "controls.css", "conversation.js", "day-label.js", "displayed-text.js", "drafts.js", "drawer.js",
        "elements.js", "graphemes.js", "history-reader.js", "icon.svg", "index.html", "jump-button.js",
        "kept.js", "known-names.js", "layout.css", "links.js", "message-size.js", "message-text.js",
        "message-view.js", "messages.css", "names.js", "own-name.js", "page-title.js", "people.js",
        "plain-row-view.js", "random-id.js", "read-place.js", "refusal-sentence.js",
        "rich-text-tokens.js", "rich-text.js", "room-address.js", "room-form.js", "room-list.js",
        "room-name.js", "room-order.js", "room-visits.js", "scroll-keys.js", "shortcuts.js",
        "sidebar.css", "state-sentence.js", "status.js", "stretch.js", "style.css", "theme-choice.js",
        "theme.js", "timeline-rows.js", "timeline-view.js", "timeline.js", "timelines.js",
        "typing-line.js", "unread.js", "unsent-texts.js",
    ]

    /// Each file's bytes; none holds a zero.
    static let all: [String: [UInt8]] = {
        var count = 0
        let start = parley_browser_files(&count)
        let files = UnsafeBufferPointer(start: start, count: count)
            .split(separator: 0, omittingEmptySubsequences: false).dropLast()
        precondition(files.count == names.count, "files.c and BrowserFiles.names list different files")
        return Dictionary(uniqueKeysWithValues: zip(names, files.map(Array.init)))
    }()

    /// The file of that name.
    static func bytes(of name: String) -> [UInt8] {
        guard let bytes = all[name] else { preconditionFailure("there is no file \(name) in Assets") }
        return bytes
    }
}
