import Testing

@testable import BrowserClient
@testable import Gateway

@Suite("PreparedAsset: texts of some size have a gzip form, the same for all workers")
struct PreparedAssetTests {
    private static let long = Array(repeating: UInt8(ascii: "x"), count: 1_024)

    @Test(
        "text of 1 KiB is compressed, smaller text and other types are not",
        arguments: [
            ("text/css; charset=utf-8", 1_024, true), ("image/svg+xml", 1_024, true),
            ("text/css; charset=utf-8", 1_023, false), ("image/png", 1_024, false),
        ])
    func compresses(_ type: String, _ count: Int, _ isCompressed: Bool) {
        let prepared = PreparedAsset(BrowserAsset("/a", type, Array(Self.long.prefix(count))))
        #expect((prepared.gzip != nil) == isCompressed)
        if let gzip = prepared.gzip { #expect(gzip.count < count && gzip.starts(with: [0x1F, 0x8B])) }
    }

    @Test("what gzip would make larger is left as it is")
    func leavesNoise() {
        let noise = (0..<1_024).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
        let prepared = PreparedAsset(BrowserAsset("/a", "text/plain", noise))
        #expect(prepared.gzip.map { $0.count < 1_024 } ?? true)
    }

    @Test("the client is below 15,000 bytes over the wire")
    func isSmall() throws {
        let client = try #require(PreparedAsset.all.first { $0.asset.path == "/client.js" })
        #expect(try #require(client.gzip).count < 15_000)
    }
}
