import Bytes
import Chat
import ChatProtocol

@testable import Gateway

/// A dialect of one line per push, which no part of the gateway has ever heard of.
final class LineDialect: Dialect {
    static let number = DialectID(number: 3)
    let id = LineDialect.number

    func lines(
        in message: [UInt8], isText: Bool, from progress: inout DialectProgress, each: (DialectLine) -> Bool
    ) {
        _ = each(.unacceptable)
    }

    func bytes(of push: Push) -> [UInt8]? {
        guard case .publication(let publication, _) = push else { return nil }
        return Array("SAY \(publication.room) \(publication.user) ".utf8) + publication.body
    }

    func bytes(of reply: Reply, to id: CommandID?) -> [UInt8] { Array("REPLY".utf8) }
}

/// Counts what another dialect is asked to encode.
final class CountingDialect: Dialect {
    private let inner: any Dialect
    private(set) var encodings = 0

    init(_ inner: any Dialect) { self.inner = inner }

    var id: DialectID { inner.id }

    func lines(
        in message: [UInt8], isText: Bool, from progress: inout DialectProgress, each: (DialectLine) -> Bool
    ) {
        inner.lines(in: message, isText: isText, from: &progress, each: each)
    }

    func bytes(of push: Push) -> [UInt8]? {
        let bytes = inner.bytes(of: push)
        if bytes != nil { encodings += 1 }
        return bytes
    }

    func bytes(of reply: Reply, to id: CommandID?) -> [UInt8] { inner.bytes(of: reply, to: id) }
}

/// Keeps what it is sent.
final class RecordingTransport: Transport {
    let names = LogNames(connection: ConnectionID(worker: 0, number: 1), session: "a.0.1.fake")
    let dialect: any Dialect
    let framing: Framing
    private(set) var framed = 0
    private(set) var frames: [SharedBytes] = []

    init(_ dialect: any Dialect, framing: Framing = .webSocket) {
        self.dialect = dialect
        self.framing = framing
    }

    var queuedBytes: Int { frames.reduce(0) { $0 + $1.count } }

    var texts: [String] { frames.map { String(decoding: [UInt8]($0.span), as: UTF8.self) } }

    func frame(_ message: [UInt8]) -> SharedBytes {
        framed += 1
        return SharedBytes(message)
    }

    func send(_ frame: SharedBytes) { frames.append(frame) }
    func ping() {}
    func disconnect(_ disconnect: Disconnect, sentence: String?) {}
}
