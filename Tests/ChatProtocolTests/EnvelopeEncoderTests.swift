import Testing
import Time

@testable import ChatProtocol

@Suite("chat.md: replies and pushes")
struct EnvelopeEncoderTests {
    private func compare(_ vectors: [TextVector], _ made: [String: [UInt8]]) {
        #expect(Set(vectors.map(\.name)) == Set(made.keys), "vectors and samples are the same set")
        for vector in vectors {
            #expect(
                made[vector.name].map { String(decoding: $0, as: UTF8.self) } == vector.text, "\(vector.name)"
            )
        }
    }

    @Test("every reply of the vectors is written to the byte")
    func writesReplies() throws {
        compare(
            EnvelopeVectors.all.replies,
            try Samples.replies().mapValues { EnvelopeEncoder.bytes(of: $0.reply, id: $0.id) })
    }

    @Test("every push of the vectors is written to the byte")
    func writesPushes() throws {
        compare(EnvelopeVectors.all.pushes, try Samples.pushes().mapValues(EnvelopeEncoder.bytes))
    }

    @Test("every answer of REST is written to the byte")
    func writesREST() throws {
        let published = Published(position: try Samples.position(42), time: Samples.time)
        var repeated = published
        repeated.isRepeat = true
        compare(
            EnvelopeVectors.all.rest,
            [
                "publish answer": EnvelopeEncoder.restBytes(of: published),
                "publish answer to a repeat": EnvelopeEncoder.restBytes(of: repeated),
                "history page": EnvelopeEncoder.restBytes(
                    of: HistoryPage(
                        room: try RoomName("a"), epoch: try Epoch("3-1k9"), head: 42, more: false,
                        publications: [try Samples.publication(42, name: nil, body: "1")])),
                "error": EnvelopeEncoder.restBytes(of: ErrorReply(.unavailable, retryAfterMs: 2000)),
            ])
    }

    @Test("no line feed is ever written: it separates objects")
    func staysOnOneLine() throws {
        for sample in try Samples.replies().values {
            #expect(!EnvelopeEncoder.bytes(of: sample.reply, id: sample.id).contains(UInt8(ascii: "\n")))
        }
    }
}
