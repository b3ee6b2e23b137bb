import TestKit
import Testing
import WebSocket

/// One vector of `websocket-frames.json`.
struct FrameVector: Decodable, Sendable, CustomTestStringConvertible {
    /// One event as the file writes it.
    struct Event: Decodable, Equatable, Sendable {
        var message, text, hex, ping, pong, reason, failed: String?
        var closed, code: UInt16?
    }

    var name, rule, input: String
    var limit: Int
    var output: String?
    var events: [Event]

    var testDescription: String { "\(name) (\(rule))" }

    static let all = Vectors.load("websocket-frames", as: FrameVector.self)
}
