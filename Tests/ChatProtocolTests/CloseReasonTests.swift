import Foundation
import Testing

@testable import ChatProtocol

@Suite("Reasons of close frames")
struct CloseReasonTests {
    private func reason(_ sentence: String) throws -> String {
        let bytes = CloseReason.bytes(of: Disconnect(.badFrame), sentence: sentence)
        #expect(bytes.count <= CloseReason.byteLimit)
        return try JSONDecoder().decode([String: String].self, from: Data(bytes))["reason"] ?? "none"
    }

    @Test("a time to come back goes before a sentence")
    func namesTime() {
        let bytes = CloseReason.bytes(of: Disconnect(.shutdown, afterMs: 1500), sentence: "x")
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"afterMs":1500}"#)
    }

    @Test("without a sentence the code's own stands there, whole")
    func fallsBack() throws {
        for code in DisconnectCode.allCases {
            let bytes = CloseReason.bytes(of: Disconnect(code))
            #expect(bytes.count <= CloseReason.byteLimit)
            let reason = try JSONDecoder().decode([String: String].self, from: Data(bytes))["reason"]
            #expect(reason == code.sentence)
        }
    }

    @Test(
        "a sentence is whole up to 110 bytes and cut between characters above",
        arguments: ["a", "é", "€", "😀", "\"", "\n"])
    func cuts(_ character: String) throws {
        for count in 1...140 {
            let sentence = String(repeating: character, count: count)
            let shown = try reason(sentence)
            let size = character == "\n" ? 6 : character == "\"" ? 2 : character.utf8.count
            if count * size <= 110 {
                #expect(shown == sentence)
            } else {
                #expect(shown == String(repeating: character, count: 107 / size) + "…")
            }
        }
    }
}
