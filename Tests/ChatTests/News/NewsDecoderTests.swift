import ChatProtocol
import TestKit
import Testing
import Time

@testable import Chat

@Suite("News as bytes")
struct NewsDecoderTests {
    static let room = RoomKey(tenant: .default, name: "room")
    static let everyKind = NewsSamples.everyKind(in: room)

    static func bytes(of news: News) -> [UInt8] {
        var bytes: [UInt8] = []
        NewsEncoder.append(news, to: &bytes)
        return bytes
    }

    @Test("every kind of news comes back as it was", arguments: everyKind.indices)
    func roundTrip(_ kind: Int) throws {
        let news = Self.everyKind[kind]
        #expect(try NewsDecoder.decode(Self.bytes(of: news).span, in: Self.room) == news)
    }

    @Test("the room is the channel's, not the payload's")
    func roomOfTheChannel() throws {
        let other = RoomKey(tenant: .default, name: "other")
        let news = try NewsDecoder.decode(Self.bytes(of: Self.everyKind[0]).span, in: other)
        guard case .publication(let publication) = news.content else { return #expect(Bool(false)) }
        #expect(news.room == other)
        #expect(publication.room == other.name)
    }

    @Test("news cut anywhere are refused as ending too early", arguments: everyKind.indices)
    func truncation(_ kind: Int) {
        let bytes = Self.bytes(of: Self.everyKind[kind])
        for length in 0..<bytes.count {
            #expect(throws: NewsDecodeError.truncated) {
                try NewsDecoder.decode(bytes.span.extracting(first: length), in: Self.room)
            }
        }
    }

    @Test("a byte too many is refused", arguments: everyKind.indices)
    func trailing(_ kind: Int) {
        let bytes = Self.bytes(of: Self.everyKind[kind]) + [0]
        #expect(throws: NewsDecodeError.trailing(1)) { try NewsDecoder.decode(bytes.span, in: Self.room) }
    }

    @Test(
        "any flipped bit is refused, or read as what encodes to the same bytes", arguments: everyKind.indices)
    func flippedBits(_ kind: Int) {
        let bytes = Self.bytes(of: Self.everyKind[kind])
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                guard let news = try? NewsDecoder.decode(flipped.span, in: Self.room) else { continue }
                #expect(Self.bytes(of: news) == flipped)
            }
        }
    }

    @Test("random bytes behind a true beginning never read as more than they are")
    func randomBytes() {
        var random = SeededRandom(seed: 7)
        for kind in UInt8(1)...7 {
            for _ in 0..<2_000 {
                var bytes: [UInt8] = [NewsEncoder.format, kind]
                for _ in 0..<random.below(80) {
                    bytes.append(UInt8(random.below(random.chance(0.25) ? 256 : 4)))
                }
                guard let news = try? NewsDecoder.decode(bytes.span, in: Self.room) else { continue }
                #expect(Self.bytes(of: news) == bytes)
            }
        }
    }

    @Test("an unknown format and an unknown kind are told apart from damage")
    func unknown() {
        #expect(throws: NewsDecodeError.unknownFormat(2)) {
            try NewsDecoder.decode([2, 1].span, in: Self.room)
        }
        #expect(throws: NewsDecodeError.unknownKind(8)) {
            try NewsDecoder.decode([1, 8].span, in: Self.room)
        }
    }

    @Test("a count of four thousand million members costs nothing")
    func hugeCount() {
        let bytes: [UInt8] = [1, 7] + [UInt8](repeating: 0, count: 16) + [255, 255, 255, 255, 1]
        #expect(throws: NewsDecodeError.truncated) { try NewsDecoder.decode(bytes.span, in: Self.room) }
    }

    @Test("offsets from 1 to 2^53 - 1 are possible, others are not", arguments: [0, 1 << 53, Int64.min])
    func offsets(_ offset: Int64) {
        var news = Self.everyKind[0]
        guard case .publication(var publication) = news.content else { return #expect(Bool(false)) }
        publication.position?.offset = offset
        news.content = .publication(publication)
        #expect(throws: NewsDecodeError.impossibleNumber) {
            try NewsDecoder.decode(Self.bytes(of: news).span, in: Self.room)
        }
    }

    @Test("a roster's number does not fall")
    func rosterNumbers() {
        let news = News(
            origin: OriginID(number: 1), room: Self.room,
            content: .roster(previous: 3, number: 2, change: RosterNews()))
        #expect(throws: NewsDecodeError.impossibleNumber) {
            try NewsDecoder.decode(Self.bytes(of: news).span, in: Self.room)
        }
    }

    @Test("a user with a control character, or not in UTF-8, is refused")
    func users() throws {
        var bytes = Self.bytes(
            of: News(
                origin: OriginID(number: 1), room: Self.room,
                content: .typing(Member(user: "ab", name: nil), isOn: true)))
        let place = try #require(bytes.firstIndex(of: UInt8(ascii: "b")))
        bytes[place] = 7
        #expect(throws: NewsDecodeError.malformedIdentifier(try #require(Self.controlError))) {
            try NewsDecoder.decode(bytes.span, in: Self.room)
        }
        bytes[place] = 0xFF
        #expect(throws: NewsDecodeError.malformedText) { try NewsDecoder.decode(bytes.span, in: Self.room) }
    }

    private static let controlError: IdentifierError? = {
        do throws(IdentifierError) { _ = try UserID([7]) } catch { return error }
        return nil
    }()

    @Test("every error has a sentence of its own")
    func sentences() throws {
        let errors: [NewsDecodeError] = [
            .unknownFormat(2), .unknownKind(9), .truncated, .trailing(3), .malformedText, .impossibleNumber,
            .malformedIdentifier(try #require(Self.controlError)),
        ]
        #expect(Set(errors.map(\.description)).count == errors.count)
    }
}
