import Chat
import ChatProtocol
import Testing
import Time

@testable import Gateway

@Suite("Fanout: one encoding per dialect and framing, whatever the number of recipients")
struct FanoutTests {
    @Test("a thousand recipients of one dialect share one encoding and one buffer")
    func encodesOnce() throws {
        let room = try Audience(native: 1_000, lines: 0)
        var fanout = Fanout()
        fanout.send(.publication(room.publication, announcesEpoch: false), to: room.keys) {
            room.transport(of: $0)
        }
        #expect(fanout.encodings == 1)
        #expect(room.native.encodings == 1)
        #expect(room.framings == 1)
        let first = room.transports[0].frames[0]
        #expect(room.transports.allSatisfy { $0.frames.count == 1 && $0.frames[0] === first })
    }

    @Test("a second dialect costs a second encoding, and each session reads its own")
    func encodesPerDialect() throws {
        let room = try Audience(native: 300, lines: 200)
        var fanout = Fanout()
        fanout.send(.publication(room.publication, announcesEpoch: false), to: room.keys) {
            room.transport(of: $0)
        }
        #expect(fanout.encodings == 2)
        #expect(room.native.encodings == 1)
        #expect(room.lines.encodings == 1)
        for transport in room.transports {
            #expect(transport.texts.count == 1)
            let isLine = transport.dialect.id == LineDialect.number
            #expect(transport.texts[0].hasPrefix(isLine ? "SAY hall ada " : #"{"publication":{"#))
        }
    }

    @Test("every push is encoded anew, and the encodings of one never reach the next")
    func keepsNothing() throws {
        let room = try Audience(native: 2, lines: 2)
        var fanout = Fanout()
        let pushes: [Push] = [
            .publication(room.publication, announcesEpoch: false), .ping, .goaway(afterMs: 5),
        ]
        for push in pushes { fanout.send(push, to: room.keys) { room.transport(of: $0) } }
        #expect(room.native.encodings == 3)
        #expect(room.transports[0].texts.count == 3)
        #expect(Set(room.transports[0].texts).count == 3)
    }

    @Test(
        "all with the same window share one compressed buffer; those with a context of their own share none")
    func framesPerWindow() throws {
        let framings: [Framing] = [
            .deflated(windowBits: 15), .webSocket, .deflated(windowBits: 9), .deflatedInContext,
        ]
        let room = try Audience(framings: (0..<400).map { framings[$0 % 4] })
        var fanout = Fanout()
        fanout.send(.publication(room.publication, announcesEpoch: false), to: room.keys) {
            room.transport(of: $0)
        }
        #expect(fanout.encodings == 1)
        #expect(room.native.encodings == 1)
        #expect(room.framings == 3 + 100)
        for (index, framing) in framings.enumerated() {
            let buffers = stride(from: index, to: 400, by: 4).map { room.transports[$0].frames[0] }
            let different = Set(buffers.map { ObjectIdentifier($0) }).count
            #expect(different == (framing.place == nil ? 100 : 1))
        }
    }

    @Test("every framing that is shared has a place of its own")
    func placesFramings() {
        let framings = [Framing.webSocket] + (9...15).map { .deflated(windowBits: $0) }
        #expect(framings.map(\.place) == Array(0..<Framing.sharedCount))
    }

    @Test("a push the dialect has no word for reaches the other dialect's sessions only")
    func skipsUnspeakable() throws {
        let room = try Audience(native: 1, lines: 1)
        var fanout = Fanout()
        fanout.send(.ping, to: room.keys) { room.transport(of: $0) }
        #expect(room.transports.map(\.frames.count) == [1, 0])
    }

    @Test("a session that has just gone is passed over")
    func passesTheGone() throws {
        let room = try Audience(native: 3, lines: 0)
        var fanout = Fanout()
        fanout.send(.ping, to: room.keys) { $0.slot == 1 ? nil : room.transport(of: $0) }
        #expect(room.transports.map(\.frames.count) == [1, 0, 1])
    }
}

/// Sessions of two dialects in one room.
private final class Audience {
    let native = CountingDialect(NativeDialect(limits: AnnouncedLimits()))
    let lines = CountingDialect(LineDialect())
    let publication: Publication
    private(set) var transports: [RecordingTransport] = []

    init(native nativeCount: Int, lines lineCount: Int) throws {
        publication = try Self.publication()
        transports += (0..<nativeCount).map { _ in RecordingTransport(native) }
        transports += (0..<lineCount).map { _ in RecordingTransport(lines) }
    }

    init(framings: [Framing]) throws {
        publication = try Self.publication()
        transports = framings.map { RecordingTransport(native, framing: $0) }
    }

    private static func publication() throws -> Publication {
        let epoch = Epoch(generation: ArchiveGeneration(number: 1), room: 1)
        return Publication(
            room: try RoomName("hall"), position: StreamPosition(epoch: epoch, offset: 7),
            time: WallTime(milliseconds: 1_764_201_600_000), user: try UserID("ada"), name: nil,
            clientID: try ClientID("a-1"), body: Array(#"{"text":"hello"}"#.utf8))
    }

    var keys: [SessionKey] { transports.indices.map { SessionKey(slot: UInt32($0), generation: 0) } }
    var framings: Int { transports.reduce(0) { $0 + $1.framed } }

    func transport(of key: SessionKey) -> (any Transport)? { transports[Int(key.slot)] }
}
