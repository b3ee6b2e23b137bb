import Bytes
import Networking
import TestKit
import Testing

@testable import TLS

@Suite("TLS on a stream of bytes")
struct TLSStreamTests {
    private let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    @Test("both sides shake hands and bytes go both ways", arguments: [TLSVersion.v12, .v13])
    func echoes(_ version: TLSVersion) throws {
        var pair = try MemoryPair(authority.server(), authority.client(version))
        pair.client.send([1, 2, 3])
        pair.settle()
        #expect(pair.client.delegate.isEstablished && pair.server.delegate.isEstablished)
        #expect(pair.server.sink.bytes == [1, 2, 3])
        pair.server.send([4, 5])
        pair.settle()
        #expect(pair.client.sink.bytes == [4, 5])
        #expect(pair.server.stream.version == "TLSv\(version.rawValue)")
        #expect(pair.server.stream.applicationProtocol == "http/1.1")
        #expect(pair.server.stream.ownsNoBuffer && pair.client.stream.ownsNoBuffer)
    }

    @Test(
        "everything is understood when it comes in pieces of any size",
        arguments: [TLSVersion.v12, .v13], [1, 2, 3, 5, 7, 64, 1_000])
    func pieces(_ version: TLSVersion, _ size: Int) throws {
        var pair = try MemoryPair(authority.server(), authority.client(version))
        let message = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        pair.client.send(message)
        pair.server.send(message)
        pair.settle(inPiecesOf: size)
        #expect(pair.server.sink.bytes == message && pair.client.sink.bytes == message)
        #expect(pair.server.stream.ownsNoBuffer)
    }

    @Test(
        "a client's flight is understood when it is split at every byte", arguments: [TLSVersion.v12, .v13])
    func everySplit(_ version: TLSVersion) throws {
        let (serverSide, clientSide) = (try authority.server(), try authority.client(version))
        // The first round learns how long the longest flight is.
        var length = 2
        var split = 1
        while split < length {
            var pair = MemoryPair(serverSide, clientSide)
            pair.client.send([7])
            for _ in 0..<5 where pair.server.sink.bytes.isEmpty {
                let flight = pair.client.takeWire()
                length = max(length, flight.count)
                let first = min(split, flight.count)
                pair.server.receive(Array(flight[..<first]))
                pair.server.receive(Array(flight[first...]))
                pair.client.receive(pair.server.takeWire())
            }
            #expect(pair.server.sink.bytes == [7])
            split += 1
        }
        #expect(length > 100)
    }

    @Test("what several sends queue leaves in one record, and reaches the other side in one call")
    func coalesces() throws {
        var pair = try MemoryPair(authority.server(), authority.client(.v13))
        pair.settle()
        for byte in UInt8(0)..<100 { pair.client.send([byte]) }
        let wire = pair.client.takeWire()
        // RFC 8446 §5.2: a header of five bytes, the inner type, and a tag of sixteen.
        #expect(wire.count == 5 + 100 + 1 + 16)
        pair.server.receive(wire)
        #expect(pair.server.sink.bytes == Array(0..<100) && pair.server.sink.calls == 1)
    }

    @Test("no more than 64 KiB and a record are encrypted ahead of the socket")
    func bounded() throws {
        var pair = try MemoryPair(authority.server(), authority.client())
        pair.settle()
        pair.server.send([UInt8](repeating: 9, count: 1_000_000))
        pair.server.stream.seal(&pair.server.plain, isLast: false)
        let ahead = pair.server.stream.wire.byteCount
        #expect(ahead >= TLSStream.aheadBytes && ahead < TLSStream.aheadBytes + 17_000)
        #expect(pair.server.plain.byteCount > 1_000_000 - TLSStream.aheadBytes - 16_384)
        pair.settle()
        #expect(pair.client.sink.bytes.count == 1_000_000)
    }

    @Test("a sink that wants no more is given the rest when it does")
    func pauses() throws {
        var pair = try MemoryPair(authority.server(), authority.client())
        pair.settle()
        let message = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        pair.client.send(message)
        var wire: [UInt8] = []
        while pair.client.plain.byteCount > 0 { wire += pair.client.takeWire() }
        let sink = pair.server.sink
        sink.onBytes = { sink.wantsBytes = false }
        pair.server.receive(wire)
        #expect(sink.calls == 1 && sink.bytes.count <= TLSEngine.plainBytes)
        while pair.server.stream.keepsInput {
            let calls = sink.calls
            pair.server.stream.resume(for: sink)
            #expect(sink.calls == calls, "a sink that wants nothing is given something")
            sink.wantsBytes = true
            pair.server.stream.resume(for: sink)
        }
        #expect(sink.bytes == message)
        #expect(pair.server.stream.ownsNoBuffer)
    }

    @Test("the beginning of a record holds no more memory than it needs, whatever came before it")
    func keepsLittle() throws {
        var pair = try MemoryPair(authority.server(), authority.client())
        pair.settle()
        pair.client.send([UInt8](repeating: 3, count: 60_000))
        let wire = pair.client.takeWire()
        pair.client.send([4])
        let last = pair.client.takeWire()
        pair.server.receive(Array(wire[..<3]))
        pair.server.receive(Array(wire[3...]) + last[..<5])
        #expect(pair.server.sink.bytes.count == 60_000)
        #expect(!pair.server.stream.ownsNoBuffer && pair.server.stream.keptCapacity < 2_048)
        pair.server.receive(Array(last[5...]))
        #expect(pair.server.sink.bytes.count == 60_001 && pair.server.stream.keptCapacity == 0)
    }

    @Test("the end of a side is told to the other, and one without a word is noticed")
    func ends() throws {
        var pair = try MemoryPair(authority.server(), authority.client())
        pair.settle()
        pair.client.send([1])
        pair.server.receive(pair.client.takeWire(isLast: true))
        pair.server.stream.receiveEnd()
        #expect(pair.server.sink.bytes == [1] && pair.server.sink.hasEnded)
        #expect(!pair.server.stream.isTruncated)
        pair.client.stream.receiveEnd()
        #expect(pair.client.stream.isTruncated && !pair.client.sink.hasEnded)
    }

    @Test("who speaks plain HTTP is told so in plain HTTP", arguments: [1, 100])
    func plaintext(_ size: Int) throws {
        var end = MemoryEnd(TLSStream(accepting: try authority.server(), engine: TLSEngine()))
        end.receive(Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), inPiecesOf: size)
        let answer = String(decoding: end.takeWire(), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("https"))
        #expect(end.sink.hasFailed && end.delegate.failure == .plaintext)
    }

    @Test("what is no TLS ends at its first byte", arguments: [0, 0x20, 0x80, 0xFF, 21, 23])
    func garbage(_ byte: UInt8) throws {
        var end = MemoryEnd(TLSStream(accepting: try authority.server(), engine: TLSEngine()))
        end.receive([byte])
        #expect(end.sink.hasFailed && end.delegate.failure == .notTLS)
        let answer = end.takeWire()
        #expect(answer.isEmpty)
    }

    @Test("a record that was changed on its way ends the connection with an alert")
    func changedRecord() throws {
        var pair = try MemoryPair(authority.server(), authority.client())
        pair.settle()
        pair.client.send([1, 2, 3])
        var wire = pair.client.takeWire()
        wire[wire.count - 1] ^= 1
        pair.server.receive(wire)
        #expect(pair.server.sink.hasFailed && pair.server.sink.bytes.isEmpty)
        pair.client.receive(pair.server.takeWire())
        #expect(pair.client.sink.hasFailed)
    }

    @Test("a greeting that announces more than any client says is refused before there is room for it")
    func longGreeting() throws {
        var end = MemoryEnd(TLSStream(accepting: try authority.server(), engine: TLSEngine()))
        end.receive([22, 3, 1, 0, 4, 1, 1, 0, 0])
        #expect(end.delegate.failure == .greetingTooLong)
        let alert = end.takeWire()
        #expect(alert == [21, 3, 3, 0, 2, 2, 47])
    }

    @Test("who asks for new keys without end and reads none is not answered without end")
    func keyUpdates() throws {
        var pair = try MemoryPair(authority.server(), authority.client(.v13))
        pair.settle()
        var asked = 0
        while !pair.server.sink.hasFailed, asked < 100_000 {
            pair.client.stream.askForNewKeys()
            pair.client.send([0])
            pair.server.receive(pair.client.takeWire())
            asked += 1
        }
        #expect(pair.server.stream.failure == .flooding)
        #expect(pair.server.stream.wire.byteCount < 300_000)
    }

    @Test("what one connection did wrong does not disturb another of the same thread")
    func neighbours() throws {
        let (serverSide, clientSide, engine) = (try authority.server(), try authority.client(), TLSEngine())
        var good = MemoryPair(serverSide, clientSide, engine: engine)
        good.settle()
        for _ in 0..<3 {
            var bad = MemoryPair(serverSide, clientSide, name: "other.example", engine: engine)
            bad.settle()
            #expect(bad.client.sink.hasFailed)
            good.client.send([1])
            good.server.send([2])
            good.settle()
        }
        #expect(good.server.sink.bytes == [1, 1, 1] && good.client.sink.bytes == [2, 2, 2])
        #expect(!good.server.sink.hasFailed && !good.client.sink.hasFailed)
    }
}
