import Foundation
import Testing

@testable import ChatProtocol

/// `protocol/vectors/envelopes.json`, one type a list.
struct EnvelopeVectors: Decodable {
    var commands: [CommandVector]
    var replies: [TextVector]
    var pushes: [TextVector]
    var rest: [TextVector]
    var drafts: [DraftVector]

    static let all: EnvelopeVectors = {
        do {
            return try JSONDecoder().decode(
                EnvelopeVectors.self, from: ProtocolFolder.data("vectors/envelopes.json"))
        } catch {
            fatalError("vectors/envelopes.json: \(error)")
        }
    }()
}

/// What the server sends, byte for byte.
struct TextVector: Decodable, Sendable {
    var name: String
    var status: Int?
    var text: String
}

/// The content of a REST publication, and the draft or the error it makes.
struct DraftVector: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var draft: Expected
    var testDescription: String { name }

    struct Expected: Decodable, Sendable {
        var clientId: String?
        var body: String?
        var user: String?
        var name: String?
        var error: String?
        var path: String?
    }
}

/// What a client sends, and what becomes of each line of it.
struct CommandVector: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var text: String?
    var hex: String?
    var lines: [Line]
    var testDescription: String { name }

    var bytes: [UInt8] {
        guard let hex else { return Array((text ?? "").utf8) }
        var digits = hex[...]
        var bytes: [UInt8] = []
        while !digits.isEmpty {
            bytes.append(UInt8(digits.prefix(2), radix: 16) ?? 0)
            digits = digits.dropFirst(2)
        }
        return bytes
    }

    /// One of three: a command, an error, or the byte where the frame breaks.
    struct Line: Decodable, Equatable, Sendable {
        var id: Int64?
        var command: CommandDescription?
        var error: String?
        var path: String?
        var broken: Int?
    }
}

/// A command as the vectors spell it: one field for each verb.
struct CommandDescription: Decodable, Equatable, Sendable {
    var connect: Connect?
    var join: Join?
    var leave: InRoom?
    var publish: Publish?
    var history: History?
    var presence: InRoom?
    var typing: Typing?
    var rooms: Rooms?
    var refresh: Refresh?
    var ping: Nothing?
    var pong: Nothing?

    struct Connect: Decodable, Equatable, Sendable {
        var token: String?
        var client: String?
        var user: String?
        var name: String?
        var rooms: [Join]
        var heartbeat: String
    }
    struct Join: Decodable, Equatable, Sendable {
        var room: String
        var since: Position?
        var tail: Int?
        var events: [String]
    }
    struct Position: Decodable, Equatable, Sendable {
        var epoch: String
        var offset: Int64
    }
    struct Publish: Decodable, Equatable, Sendable {
        var room: String
        var clientId: String?
        var body: String
    }
    struct History: Decodable, Equatable, Sendable {
        var room: String
        var before: Int64?
        var after: Int64?
        var limit: Int?
    }
    struct Typing: Decodable, Equatable, Sendable {
        var room: String
        var on: Bool
    }
    struct Rooms: Decodable, Equatable, Sendable {
        var after: String?
        var limit: Int?
    }
    struct Refresh: Decodable, Equatable, Sendable { var token: String }
    struct InRoom: Decodable, Equatable, Sendable { var room: String }
    struct Nothing: Decodable, Equatable, Sendable {}
}

extension CommandDescription {
    /// The same, of a command that was decoded.
    init(_ command: Command) {
        switch command {
        case .connect(let connect):
            self.connect = Connect(
                token: connect.token, client: connect.client, user: connect.user?.description,
                name: connect.name,
                rooms: connect.rooms.map(Join.init), heartbeat: connect.heartbeat.rawValue)
        case .join(let join): self.join = Join(join)
        case .leave(let room): leave = InRoom(room: room.description)
        case .publish(let publish):
            self.publish = Publish(
                room: publish.room.description, clientId: publish.clientID?.description,
                body: String(decoding: publish.body, as: UTF8.self))
        case .history(let request):
            var history = History(room: request.room.description, limit: request.limit)
            switch request.anchor {
            case .newest: break
            case .before(let offset): history.before = offset
            case .after(let offset): history.after = offset
            }
            self.history = history
        case .presence(let room): presence = InRoom(room: room.description)
        case .typing(let typing): self.typing = Typing(room: typing.room.description, on: typing.isOn)
        case .rooms(let request):
            rooms = Rooms(after: request.after?.description, limit: request.limit)
        case .refresh(let token): refresh = Refresh(token: token)
        case .ping: ping = Nothing()
        case .pong: pong = Nothing()
        }
    }
}

extension CommandDescription.Join {
    init(_ join: ChatProtocol.Join) {
        room = join.room.description
        since = join.since.map { .init(epoch: $0.epoch.description, offset: $0.offset) }
        tail = join.tail
        events = []
        if join.events.contains(.presence) { events.append("presence") }
        if join.events.contains(.typing) { events.append("typing") }
    }
}
