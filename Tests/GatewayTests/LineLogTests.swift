import Foundation
import Logging
import Testing

@testable import Gateway

@Suite("LineLog: one event, one line")
struct LineLogTests {
    private static func line(
        _ format: LineLog.Format, _ message: String, _ metadata: Logger.Metadata = [:]
    ) -> String {
        var log = LineLog(label: "parley", format: format, level: .info)
        log[metadataKey: "worker"] = "1"
        let event = LogEvent(
            level: .warning, message: "\(message)", error: nil, metadata: metadata, source: "Gateway",
            file: "",
            function: "", line: 1)
        return String(decoding: log.line(of: event), as: UTF8.self)
    }

    /// What a peer may send in a reason, a name or a path.
    static let hostile = [
        "a\nforged", "a\r\nforged", "a\u{0}b", "a\u{1B}[2Jb", "a\u{7F}b", "a\u{85}forged", "a\u{9B}2Jb",
        "a\u{2028}forged", "a\u{2029}forged", "a\u{B}b", "a\u{C}b",
    ]

    @Test("text: time, level, label and message, then metadata by key")
    func writesText() {
        let line = Self.line(.text, "slow", ["session": "s1"])
        #expect(line.hasSuffix("Z warning parley: slow session=s1 worker=1\n"))
        #expect(line.prefix(24).wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    }

    @Test("json: one object a line, with the same facts")
    func writesJSON() throws {
        let line = Self.line(.json, "slow \"reader\"", ["session": "s1"])
        #expect(line.hasSuffix("}\n"))
        let object = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        #expect(object["message"] == "slow \"reader\"")
        #expect(object["level"] == "warning" && object["label"] == "parley")
        #expect(object["session"] == "s1" && object["worker"] == "1")
        #expect(object["time"]?.count == 24)
    }

    @Test("text: what a peer sent cannot begin a line of its own, nor steer a terminal", arguments: hostile)
    func cannotForgeText(_ hostile: String) {
        for line in [Self.line(.text, hostile), Self.line(.text, "refused", ["reason": "\(hostile)"])] {
            let scalars = line.unicodeScalars
            #expect(line.utf8.last == UInt8(ascii: "\n"))
            #expect(
                scalars.dropLast().allSatisfy {
                    $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
                        && ![0x2028, 0x2029].contains($0.value)
                })
        }
    }

    @Test("json: the same text comes out of the line again, and the line is one", arguments: hostile)
    func cannotForgeJSON(_ hostile: String) throws {
        let line = Self.line(.json, hostile, ["reason": "\(hostile)"])
        #expect(line.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
        let object = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        #expect(object["message"] == hostile && object["reason"] == hostile)
    }
}
