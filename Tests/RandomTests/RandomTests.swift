import Random
import Testing

@Suite("Randomness from the kernel")
struct RandomTests {
    @Test(
        "any length is filled, also beyond the 256 bytes of one call", arguments: [0, 1, 255, 256, 257, 5000])
    func fills(_ length: Int) {
        let bytes = randomBytes(length)
        #expect(bytes.count == length)
        // 5000 bytes that miss one of 256 values: once in a million runs.
        if length == 5000 { #expect(Set(bytes).count == 256) }
    }

    @Test("a thousand numbers are all different")
    func numbersDiffer() {
        #expect(Set((0..<1000).map { _ in randomUInt64() }).count == 1000)
    }

    @Test("an identifier has the asked length and all 64 url-safe characters occur")
    func identifiers() {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        #expect(randomIdentifier(length: 22).count == 22)
        #expect(randomIdentifier(length: 0) == "")
        #expect(Set(randomIdentifier(length: 5000)) == allowed)
    }
}
