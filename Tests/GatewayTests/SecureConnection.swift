import Bytes
import Networking
import TLS
import TestKit
import Testing

/// A blocking TLS client, on a connection of the tests.
final class SecureConnection: StreamSink {
    private let connection: TestConnection
    private let stream: TLSStream
    private var read: [UInt8] = []
    private var hasEnded = false

    /// Connects; the handshake is done with the first exchange.
    init(to address: SocketAddress, trusting authority: TestAuthority) throws {
        connection = try TestConnection(to: address)
        let context = try TLSContext(client: TLSClientSettings(authorities: authority.certificate))
        stream = TLSStream(connecting: context, engine: TLSEngine(), to: "localhost", resuming: nil)
    }

    /// Sends a request, and reads to the end of the answer's head at least.
    func exchange(_ request: String) throws -> String {
        var plain = WriteQueue()
        let bytes = Array(request.utf8)
        plain.append(copying: bytes.span)
        while !hasEnded, !read.contains([13, 10, 13, 10]) {
            stream.seal(&plain, isLast: false)
            var wire = [UInt8](repeating: 0, count: stream.wire.byteCount)
            _ = stream.wire.move(atMost: wire.count, to: &wire)
            if !wire.isEmpty { try connection.send(wire) }
            if !stream.isReady || plain.isEmpty {
                let came = try connection.wait(for: "TLS") { $0.isEmpty ? nil : ($0, $0.count) }
                guard let came else { break }
                stream.receive(came.span, for: self)
            }
        }
        defer { read = [] }
        return String(decoding: read, as: UTF8.self)
    }

    var wantsBytes: Bool { true }
    func take(_ bytes: Span<UInt8>) { read.append(bytes) }
    func takeEnd() { hasEnded = true }
    func takeFailure() { hasEnded = true }
}
