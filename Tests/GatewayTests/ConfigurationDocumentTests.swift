import Foundation
import Testing

@testable import Gateway

@Suite("docs/configuration.md says what the option table says")
struct ConfigurationDocumentTests {
    @Test("the committed file is what the table makes")
    func isCommitted() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let committed = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        #expect(
            committed == ConfigurationDocument().text,
            "write it anew: parley check-config --markdown > docs/configuration.md")
    }

    @Test("every option stands there, with its names and its sentence; its example is accepted")
    func isComplete() throws {
        let text = ConfigurationDocument().text
        for option in ConfigurationOption.all {
            #expect(text.contains("`\(option.key)`") && text.contains(option.sentence))
            #expect(text.contains("`\(option.flag)`") == option.hasFlag)
            #expect(text.contains("`\(option.variable)`") == option.hasVariable)
        }
        let blocks = text.split(separator: "```")
        #expect(blocks.count == 3)
        let folder = try TestFolder()
        let secret = try folder.file("secret", "one secret of at least thirty-two bytes\n")
        let example = blocks[1].dropFirst("yaml\n".count).replacing("/etc/parley/secret", with: secret)
        let file = try folder.file("example.yaml", String(example))
        let outcome = try TestProgram.run(["check-config", "--config", file])
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.output.contains("archive: \"postgres://parley:***@db.internal:5432/parley\""))
    }

    @Test("parley check-config --markdown prints it")
    func isPrinted() throws {
        #expect(try TestProgram.run(["check-config", "--markdown"]).output == ConfigurationDocument().text)
    }
}
