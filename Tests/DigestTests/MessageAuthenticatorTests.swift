import Bytes
import Digest
import TestKit
import Testing

@Suite("Message authentication")
struct MessageAuthenticatorTests {
    struct Vector {
        var key: [UInt8]
        var text: [UInt8]
        var code: String
    }

    /// RFC 4231 §4.2 to §4.8; §4.6 gives the first 16 bytes only.
    static let vectors = [
        Vector(
            key: [UInt8](repeating: 0x0B, count: 20), text: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            key: Array("Jefe".utf8), text: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            key: [UInt8](repeating: 0xAA, count: 20), text: [UInt8](repeating: 0xDD, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            key: Array(1...25), text: [UInt8](repeating: 0xCD, count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            key: [UInt8](repeating: 0x0C, count: 20), text: Array("Test With Truncation".utf8),
            code: "a3b6167473100ee06e0c796c2955552b"),
        Vector(
            key: [UInt8](repeating: 0xAA, count: 131),
            text: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            key: [UInt8](repeating: 0xAA, count: 131),
            text: Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. The "
                    + "key needs to be hashed before being used by the HMAC algorithm.").utf8),
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]

    @Test("RFC 4231: all vectors", arguments: vectors.indices)
    func vectorsOfTheRFC(_ index: Int) {
        let vector = Self.vectors[index]
        let authenticator = MessageAuthenticator(key: vector.key)
        authenticator.add(vector.text.span)
        #expect(Hex.encode(authenticator.finish().span).hasPrefix(vector.code))
    }

    @Test("a message in pieces has the code of the whole, and the next message has its own")
    func piecesAndMessages() {
        let authenticator = MessageAuthenticator(key: [1])
        let messages: [[[UInt8]]] = [[[1, 2], [], [3]], [[1, 2, 3]], [[1, 2]]]
        let codes = messages.map { pieces in
            for piece in pieces { authenticator.add(piece.span) }
            return authenticator.finish()
        }
        #expect(codes[0] == codes[1])
        #expect(codes[0] != codes[2])
    }

    @Test("an empty key and an empty message have a code")
    func emptyKey() {
        let code = MessageAuthenticator(key: []).finish()
        #expect(
            Hex.encode(code.span) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("bytes are equal when all are, whatever their number")
    func equality() {
        let pairs: [(left: [UInt8], right: [UInt8])] = [
            ([1, 2, 3], [1, 2, 3]), ([1, 2, 3], [1, 2, 4]), ([1, 2, 3], [1, 2]), ([], []),
        ]
        let verdicts = pairs.map { isEqualInConstantTime($0.left.span, $0.right.span) }
        #expect(verdicts == [true, false, false, true])
    }
}
