import Bytes
import TestKit
import Testing
import WebSocket

struct TextVector: Decodable, Sendable, CustomTestStringConvertible {
    var name, rule, hex: String
    var refusedAt: Int?
    var truncated: Bool?
    var testDescription: String { "\(name) (\(rule))" }
}

/// Goal: refused at the first wrong byte, never later, never otherwise. Method: the vectors of
/// `protocol/vectors/utf8.json` in all splits; then every sequence of two bytes, and every character, against
/// the standard library.
@Suite("RFC 3629 text")
struct UTF8ValidatorTests {
    @Test(
        "every vector is judged the same, however it is split",
        arguments: Vectors.load("utf8", as: TextVector.self))
    func playsVector(_ vector: TextVector) throws {
        let text = try #require(Hex.decode(vector.hex))
        for split in Vectors.splits(of: text) {
            var validator = UTF8Validator()
            var refusedAt: Int?
            for piece in split {
                refusedAt = validator.firstInvalid(in: piece.span).map { $0 + piece.startIndex }
                if refusedAt != nil { break }
            }
            #expect(refusedAt == vector.refusedAt)
            if refusedAt == nil { #expect(validator.isComplete == (vector.truncated != true)) }
        }
    }

    @Test("every character there is passes, alone and among ASCII")
    func acceptsEveryCharacter() {
        var wrong: [UInt32] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var validator = UTF8Validator()
            let bytes = Array(UTF8.encode(scalar)!)
            if validator.firstInvalid(in: bytes.span) != nil || !validator.isComplete { wrong.append(value) }
        }
        #expect(wrong.isEmpty)
    }

    @Test("every triple of bytes is judged as the standard library does")
    func agreesWithStandardLibrary() {
        var wrong: [[UInt8]] = []
        let interesting: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
            0xED,
            0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF7, 0xF8, 0xFF,
        ]
        for first in interesting {
            for second in interesting {
                for third in interesting {
                    for fourth in [0x41, 0x80, 0xBF, 0xC2] as [UInt8] {
                        let bytes = [first, second, third, fourth]
                        var validator = UTF8Validator()
                        let passes = validator.firstInvalid(in: bytes.span) == nil && validator.isComplete
                        if passes != (String(validating: bytes, as: UTF8.self) != nil) { wrong.append(bytes) }
                    }
                }
            }
        }
        #expect(wrong.isEmpty)
    }
}
