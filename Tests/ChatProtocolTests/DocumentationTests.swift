import Foundation
import Testing

@testable import ChatProtocol

/// Every line of a ```json block of chat.md is a command the server understands, or has the shape of
/// something the server says: the same fields, in places where the vectors have them.
@Suite("protocol/chat.md")
struct DocumentationTests {
    /// The lines of all ```json blocks.
    static let lines: [String] = {
        let text = (try? ProtocolFolder.text("chat.md")) ?? ""
        return text.split(separator: "```json\n").dropFirst().flatMap { part in
            part.prefix(upTo: part.range(of: "```")?.lowerBound ?? part.startIndex).split(separator: "\n")
                .map(String.init)
        }
    }()

    /// `room`, `publications[].offset`, …: where a value's fields are. What is in a body is anybody's own.
    private static func paths(_ value: Any, _ prefix: String = "") -> Set<String> {
        if let object = value as? [String: Any] {
            return object.reduce(into: []) { found, field in
                let path = prefix + "." + field.key
                found.insert(path)
                if field.key != "body" { found.formUnion(paths(field.value, path)) }
            }
        }
        if let array = value as? [Any] {
            return array.reduce(into: []) { $0.formUnion(paths($1, prefix + "[]")) }
        }
        return []
    }

    private static func paths(of text: String) throws -> Set<String> {
        paths(try JSONSerialization.jsonObject(with: Data(text.utf8)))
    }

    private static func isCommand(_ line: String) -> Bool {
        var decoder = EnvelopeDecoder()
        guard case .command? = decoder.next(in: Array(line.utf8).span) else { return false }
        return true
    }

    @Test("there are examples of every verb, every kind of reply and every push")
    func hasExamples() {
        #expect(Self.lines.count >= 30)
        for verb in [
            "connect", "join", "publish", "history", "presence", "typing", "rooms", "refresh", "ping", "pong",
        ] {
            #expect(Self.lines.contains { Self.isCommand($0) && $0.contains("\"\(verb)\":") }, "\(verb)")
        }
        for push in ["publication", "presence", "typing", "skip", "reset", "expiring", "goaway", "ping"] {
            #expect(Self.lines.contains { $0.hasPrefix("{\"\(push)\":") }, "\(push)")
        }
    }

    @Test("every example is a command, a reply or a push", arguments: lines)
    func isValid(_ line: String) throws {
        let paths = try Self.paths(of: line)
        let said = EnvelopeVectors.all.replies + EnvelopeVectors.all.pushes
        let known = try said.reduce(into: Set<String>()) { $0.formUnion(try Self.paths(of: $1.text)) }
        #expect(Self.isCommand(line) || paths.isSubset(of: known), "\(paths.subtracting(known))")
    }

    @Test("every error and every disconnect of the tables is named")
    func namesCodes() throws {
        let text = try ProtocolFolder.text("chat.md")
        for code in ErrorCode.allCases {
            #expect(text.contains("\(code.rawValue) | \(code.name)"), "\(code.name)")
        }
        for code in DisconnectCode.allCases {
            #expect(text.contains("| \(code.rawValue) \(code.name) |"), "\(code.name)")
        }
    }

    @Test("the page stays short enough to be read")
    func isShort() throws {
        #expect(
            try ProtocolFolder.text("chat.md").split(separator: "\n", omittingEmptySubsequences: false).count
                <= 480)
    }
}
