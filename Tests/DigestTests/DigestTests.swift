import Bytes
import Digest
import TestKit
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
}
