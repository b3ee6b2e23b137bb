import Bytes
import Networking
import TestKit
import Testing
import WebSocket

/// A small WebSocket client on a blocking connection: it masks, answers nothing by itself, and tells what
/// came.
final class TestClient {
    /// What a server can say.
    enum Arrival: Equatable {
        case message(JSONValue)
        /// A message at `/echo`.
        case echo(MessageKind, [UInt8])
        case pong([UInt8])
        case ping([UInt8])
        case closed(Int, reason: String)
        /// The connection ended without a close frame.
        case ended
    }

    let connection: TestConnection
    /// Lives as long as its clients do.
    private var gateway: TestGateway?
    private var reader = FrameReader(from: .server)
    private var arrived: [Arrival] = []
    private var payload: [UInt8] = []
    private var lastID: Int64 = 0
    private let isEcho: Bool

    /// Opens a WebSocket.
    init(to address: SocketAddress, at path: String = "/ws", receiveBuffer: Int32? = nil) throws {
        isEcho = path == "/echo"
        connection = try TestConnection(to: address, receiveBuffer: receiveBuffer)
        try connection.request("GET", path, fields: Self.handshake)
        let answer = try connection.answer()
        #expect(answer.status == 101)
        #expect(answer["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    convenience init(
        to gateway: TestGateway, at path: String = "/ws", receiveBuffer: Int32? = nil
    ) throws {
        try self.init(to: gateway.address, at: path, receiveBuffer: receiveBuffer)
        self.gateway = gateway
    }

    static let handshake = [
        ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]

    /// Sends one frame, masked.
    func send(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) throws {
        var output = ByteWriter()
        FrameWriter.write(opcode, payload.span, isFinal: isFinal, maskKey: 0x5A17_C3E9, to: &output)
        try connection.send(output.finish())
    }

    /// Sends a message of this text.
    func send(_ text: String) throws { try send(.text, Array(text.utf8)) }

    /// The next thing the server says.
    func next() throws -> Arrival {
        while arrived.isEmpty {
            guard let bytes = try connection.wait(for: "a frame", { $0.isEmpty ? nil : ($0, $0.count) })
            else {
                return .ended
            }
            try take(bytes)
        }
        return arrived.removeFirst()
    }

    private func take(_ bytes: [UInt8]) throws {
        var offset = 0
        while let piece = try reader.next(bytes.span, at: &offset) {
            if piece.isFirst { payload = [] }
            payload += bytes[piece.range]
            guard piece.isLast else { continue }
            switch piece.header.opcode {
            case .text where isEcho: arrived.append(.echo(.text, payload))
            case .binary where isEcho: arrived.append(.echo(.binary, payload))
            case .text:
                #expect(piece.header.isFinal)
                for line in payload.split(separator: UInt8(ascii: "\n")) {
                    arrived.append(.message(try JSONValue(parsing: String(decoding: line, as: UTF8.self))))
                }
            case .ping: arrived.append(.ping(payload))
            case .pong: arrived.append(.pong(payload))
            case .close:
                let code = payload.count < 2 ? 1005 : Int(payload[0]) << 8 | Int(payload[1])
                arrived.append(.closed(code, reason: String(decoding: payload.dropFirst(2), as: UTF8.self)))
            case .binary, .continuation: throw TestConnection.Failure(what: "a \(piece.header.opcode) frame")
            }
        }
    }

    // MARK: The protocol

    /// The next message.
    func message() throws -> JSONValue {
        let arrival = try next()
        guard case .message(let message) = arrival else {
            throw TestConnection.Failure(what: "\(arrival) instead of a message")
        }
        return message
    }

    /// The next message with that key, those before it dropped.
    func message(with key: String) throws -> JSONValue {
        while true {
            if let found = try message()[key] { return found }
        }
    }

    /// Asks, and waits for the reply: what stands under `ok`, or the whole reply if it is an error. Pushes
    /// that come before it are kept aside for `message`.
    func ask(_ verb: String, _ arguments: String) throws -> JSONValue {
        lastID += 1
        try send(#"{"id":\#(lastID),"\#(verb)":\#(arguments)}"#)
        return try reply(to: lastID)
    }

    func reply(to id: Int64) throws -> JSONValue {
        var aside: [Arrival] = []
        defer { arrived = aside + arrived }
        while true {
            let arrival = try next()
            if case .message(let message) = arrival, message["id"] == .number(id) {
                return message["ok"] ?? message
            }
            if case .closed = arrival { throw TestConnection.Failure(what: "\(arrival) instead of a reply") }
            if arrival == .ended { throw TestConnection.Failure(what: "the end instead of a reply") }
            aside.append(arrival)
        }
    }

    /// Connects as `user`; `rooms` is a JSON array.
    @discardableResult
    func connect(_ user: String, rooms: String = "[]") throws -> JSONValue {
        try ask("connect", #"{"user":"\#(user)","rooms":\#(rooms)}"#)
    }

    /// The close code and reason, everything before them dropped.
    func close() throws -> (code: Int, reason: String) {
        while true {
            switch try next() {
            case .closed(let code, let reason): return (code, reason)
            case .ended: return (1006, "")
            case .message, .echo, .ping, .pong: continue
            }
        }
    }
}

extension TestGateway {
    /// A client that is connected as `user`.
    func client(_ user: String, rooms: String = "[]") throws -> TestClient {
        let client = try TestClient(to: self)
        try client.connect(user, rooms: rooms)
        return client
    }

    /// A connected client on that worker: the kernel deals connections out, so some are thrown away.
    func client(_ user: String, onWorker worker: Int, rooms: String = "[]") throws -> TestClient {
        for _ in 0..<200 {
            let client = try TestClient(to: self)
            // Which worker has a session stands in its name.
            let reply = try client.ask("connect", #"{"user":"\#(user)"}"#)
            guard reply["session"]?.text?.split(separator: ".")[1] == "\(worker)" else { continue }
            for room in try JSONValue(parsing: rooms).elements {
                _ = try client.ask("join", room.description)
            }
            return client
        }
        throw TestConnection.Failure(what: "no connection reached worker \(worker)")
    }
}
