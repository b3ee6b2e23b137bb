import Bytes
import Networking
import TestKit

@testable import TLS

/// Takes what a stream makes of the wire's bytes, and writes it down.
final class MemorySink: StreamSink {
    var bytes: [UInt8] = []
    var calls = 0
    var hasEnded = false
    var hasFailed = false
    var wantsBytes = true
    var onBytes: () -> Void = {}

    func take(_ bytes: Span<UInt8>) {
        self.bytes.append(bytes)
        calls += 1
        onBytes()
    }
    func takeEnd() { hasEnded = true }
    func takeFailure() { hasFailed = true }
}

/// Writes down how a handshake ends.
final class MemoryDelegate: TLSStreamDelegate {
    var isEstablished = false
    var failure: TLSFailure?

    func established(_ stream: TLSStream) { isEstablished = true }
    func refused(_ stream: TLSStream, because failure: TLSFailure) { self.failure = failure }
}

/// One end of a connection without a socket.
struct MemoryEnd {
    let stream: TLSStream
    let sink = MemorySink()
    let delegate = MemoryDelegate()
    var plain = WriteQueue()

    init(_ stream: TLSStream) {
        self.stream = stream
        stream.delegate = delegate
    }

    mutating func send(_ bytes: [UInt8]) { plain.append(copying: bytes.span) }

    /// What it has for the other end.
    mutating func takeWire(isLast: Bool = false) -> [UInt8] {
        stream.seal(&plain, isLast: isLast)
        return [UInt8](unsafeUninitializedCapacity: stream.wire.byteCount) { buffer, count in
            count = stream.wire.move(atMost: buffer.count, to: buffer.baseAddress!)
        }
    }

    /// Gives it `bytes` in pieces of `size`.
    func receive(_ bytes: [UInt8], inPiecesOf size: Int = .max) {
        var start = 0
        while start < bytes.count {
            let end = size == .max ? bytes.count : min(bytes.count, start + size)
            stream.receive(bytes.span.extracting(start..<end), for: sink)
            start = end
        }
    }
}

/// A client and a server that hear each other through arrays.
struct MemoryPair {
    var client: MemoryEnd
    var server: MemoryEnd

    /// `server` is the name that the client asks for.
    init(
        _ server: TLSContext, _ client: TLSContext, name: String = "localhost", resuming: TLSSession? = nil,
        engine: TLSEngine = TLSEngine()
    ) {
        self.server = MemoryEnd(TLSStream(accepting: server, engine: engine))
        self.client = MemoryEnd(
            TLSStream(connecting: client, engine: engine, to: name, resuming: resuming))
    }

    /// Carries bytes until none are left, in pieces of `size`.
    mutating func settle(inPiecesOf size: Int = .max) {
        while true {
            let there = client.takeWire()
            server.receive(there, inPiecesOf: size)
            let back = server.takeWire()
            client.receive(back, inPiecesOf: size)
            if there.isEmpty && back.isEmpty { return }
        }
    }
}

extension TestAuthority {
    /// A server's side with these certificates of this authority.
    func server(
        _ names: [String] = ["DNS:localhost,IP:127.0.0.1"], oldest: TLSVersion = .v12,
        clients: TLSClientCheck? = nil, tickets: TLSTicketKeys = TLSTicketKeys()
    ) throws -> TLSContext {
        let files = try names.enumerated().map { place, names in
            let (certificate, key) = try issue("server\(place)", for: [names])
            return TLSCertificateFiles(certificate: certificate, key: key)
        }
        return try TLSContext(
            server: TLSServerSettings(certificates: files, oldestVersion: oldest, clients: clients),
            tickets: tickets)
    }

    /// A client's side that believes this authority.
    func client(
        _ version: TLSVersion? = nil, shows certificate: TLSCertificateFiles? = nil,
        protocols: [String] = ["http/1.1"]
    ) throws -> TLSContext {
        try TLSContext(
            client: TLSClientSettings(
                authorities: self.certificate, certificate: certificate, version: version,
                protocols: protocols))
    }
}
