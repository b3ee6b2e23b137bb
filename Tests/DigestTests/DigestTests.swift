import Bytes
import Digest
import Testing

@Suite("Digests")
struct DigestTests {
    @Test(
        "FIPS 180-4: SHA-1 of nothing, of abc and of a long text",
        arguments: [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
        ])
    func sha1Vectors(_ text: String, _ hex: String) {
        #expect(Hex.encode(sha1([UInt8](text.utf8).span).span) == hex)
    }

    @Test(
        "FIPS 180-4: SHA-256 of nothing and of abc",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ])
    func sha256Vectors(_ text: String, _ hex: String) {
        #expect(Hex.encode(sha256([UInt8](text.utf8).span).span) == hex)
    }

    @Test("RFC 4231 §4.3: HMAC-SHA256 with a short key, and §4.7 with one longer than a block")
    func hmacVectors() {
        let short = hmacSHA256(
            [UInt8]("what do ya want for nothing?".utf8).span, key: [UInt8]("Jefe".utf8).span)
        #expect(Hex.encode(short.span) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let text = "Test Using Larger Than Block-Size Key - Hash Key First"
        let long = hmacSHA256([UInt8](text.utf8).span, key: [UInt8](repeating: 0xAA, count: 131).span)
        #expect(Hex.encode(long.span) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test("HMAC-SHA256 of nothing under an empty key is defined")
    func hmacEmpty() {
        let none: [UInt8] = []
        #expect(
            Hex.encode(hmacSHA256(none.span, key: none.span).span)
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("secrets are equal when every byte is, and never when the lengths differ")
    func compares() {
        let secret: [UInt8] = [1, 2, 3]
        #expect(same(secret, [1, 2, 3]))
        #expect(same([], []))
        #expect(!same(secret, [1, 2]))
        for index in 0..<3 {
            var other = secret
            other[index] ^= 0x80
            #expect(!same(secret, other))
        }
    }

    private func same(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        equalInConstantTime(left.span, right.span)
    }
}
