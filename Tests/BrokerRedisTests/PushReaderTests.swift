import Testing

@testable import BrokerRedis

@Suite("What a subscribed connection hears")
struct PushReaderTests {
    /// What the reader makes of a reply's pieces, one event for each.
    private func events(_ reader: inout PushReader, _ pieces: [RedisToken], _ texts: [String])
        -> [PushReader.Event]
    {
        zip(pieces, texts).map { reader.take($0, Array($1.utf8).span) }
    }

    private func triple(_ last: RedisToken.Kind) -> [RedisToken] {
        [
            RedisToken(kind: .array, number: 3), RedisToken(kind: .string, depth: 1, index: 0),
            RedisToken(kind: .string, depth: 1, index: 1),
            RedisToken(kind: last, number: 1, depth: 1, index: 2),
        ]
    }

    @Test(
        "messages and confirmations are told apart, with their channel",
        arguments: [
            ("message", RedisToken.Kind.string, PushReader.Event.message),
            ("subscribe", .integer, .subscribed), ("unsubscribe", .integer, .unsubscribed),
        ])
    func kinds(_ word: String, _ last: RedisToken.Kind, _ event: PushReader.Event) {
        var reader = PushReader()
        for channel in ["one", "another"] {
            let events = events(&reader, triple(last), ["", word, channel, "x"])
            #expect(events == [.incomplete, .incomplete, .incomplete, event])
            #expect(reader.channel == Array(channel.utf8))
        }
    }

    @Test("anything else is foreign")
    func foreign() {
        var reader = PushReader()
        #expect(events(&reader, [RedisToken(kind: .integer)], [""]) == [.foreign])
        #expect(events(&reader, [RedisToken(kind: .array, number: 4)], [""]) == [.foreign])
        #expect(events(&reader, triple(.string), ["", "massage", "c", "x"])[1] == .foreign)
        #expect(events(&reader, triple(.string), ["", "pong", "c", "x"])[1] == .foreign)
        #expect(events(&reader, triple(.string), ["", "subscribe", "c", "x"])[3] == .foreign)
        #expect(events(&reader, triple(.integer), ["", "message", "c", "x"])[3] == .foreign)
    }
}
