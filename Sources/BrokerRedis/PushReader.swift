import Bytes

/// Puts the pieces of what a subscribed connection hears together again: `message CHANNEL PAYLOAD`,
/// `subscribe CHANNEL COUNT`, `unsubscribe CHANNEL COUNT`.
package struct PushReader {
    /// What the last piece made complete.
    package enum Event: Equatable {
        /// Nothing yet.
        case incomplete
        /// A message; that piece is its payload.
        case message
        /// A subscription is confirmed.
        case subscribed
        /// Its end is.
        case unsubscribed
        /// Nothing that a subscribed connection should hear.
        case foreign
    }

    private enum Kind { case message, subscribe, unsubscribe }

    private var kind: Kind?
    /// Where it was said; without meaning before the channel's piece came.
    package private(set) var channel: [UInt8] = []

    /// A reader at the beginning of a connection.
    package init() {}

    /// Takes the next piece.
    package mutating func take(_ token: RedisToken, _ text: Span<UInt8>) -> Event {
        if token.depth == 0 {
            kind = nil
            return token.kind == .array && token.number == 3 ? .incomplete : .foreign
        }
        switch (token.index, token.kind) {
        case (0, .string):
            kind = Self.kind(text)
            return kind == nil ? .foreign : .incomplete
        case (1, .string):
            channel.removeAll(keepingCapacity: true)
            channel.append(text)
            return .incomplete
        case (2, .string) where kind == .message: return .message
        case (2, .integer) where kind == .subscribe: return .subscribed
        case (2, .integer) where kind == .unsubscribe: return .unsubscribed
        default: return .foreign
        }
    }

    private static func kind(_ text: Span<UInt8>) -> Kind? {
        // The lengths tell the three apart; what they spell is looked at once they fit.
        let (word, kind): (StaticString, Kind)
        switch text.count {
        case 7: (word, kind) = ("message", .message)
        case 9: (word, kind) = ("subscribe", .subscribe)
        case 11: (word, kind) = ("unsubscribe", .unsubscribe)
        default: return nil
        }
        return String(validating: text) == word.description ? kind : nil
    }
}
