import Testing

@Suite("the tidy rules find what is planted")
struct TidyRulesTests {
    private func file(_ text: String, _ path: String = "Sources/Chat/Room.swift") -> SwiftText {
        SwiftText(path: path, text: text)
    }

    @Test("a file of 300 lines passes, one of 301 does not; neither does a line of 111 columns")
    func sizes() {
        let full = Array(repeating: "a", count: 300)
        #expect(TidyRules.size("a.swift", lines: full + [""]) == [])
        #expect(TidyRules.size("a.swift", lines: full + ["a", ""]).count == 1)
        #expect(TidyRules.size("a.swift", lines: [String(repeating: "é", count: 110)]) == [])
        #expect(TidyRules.size("a.swift", lines: [String(repeating: "a", count: 111)]).first?.line == 1)
    }

    @Test(
        "a body of 60 lines passes, one of 61 does not",
        arguments: [
            "func f(_ x: Int = { 1 }()) -> Int {", "init(a: Int) {", "var x: Int {",
            "subscript(i: Int) -> Int {",
        ])
    func functions(_ head: String) {
        func text(_ lines: Int) -> SwiftText {
            file(
                (["protocol P {", "    func g()", "}", head]
                    + Array(repeating: "if a { b }", count: lines - 2) + ["}"])
                    .joined(separator: "\n"))
        }
        #expect(TidyRules.functionLengths(text(60)) == [])
        #expect(TidyRules.functionLengths(text(61)).first?.line == 4)
    }

    @Test("each banned call is found, with its replacement in the message")
    func calls() {
        for (call, instead) in TidyRules.bannedCalls {
            let found = TidyRules.calls(file("let x = 1\n    \(call)\"a\") }"), allowed: [:])
            #expect(found.map(\.line) == [2], "\(call)")
            #expect(found.first?.message.contains(instead) == true)
        }
        #expect(TidyRules.calls(file("// print(1)\nlet a = \"fatalError(\"")) == [])
        #expect(TidyRules.calls(file("print(1)"), allowed: ["Sources/Chat/Room.swift": "why"]) == [])
    }

    @Test("a sleeping test is found")
    func sleepers() {
        for (call, _) in TidyRules.bannedInTests {
            let text = "try await " + call + (call.hasSuffix("(") ? "" : "(") + "1)"
            #expect(!TidyRules.testCalls(file(text), allowed: [:]).isEmpty, "\(call)")
        }
    }

    @Test("unfinished work is found, an issue's number excuses a promise only")
    func unfinished() {
        let fix = "// FIX" + "ME #1: broken"
        let promise = "// TO" + "DO: later"
        let numbered = "// TO" + "DO #12: later"
        #expect(TidyRules.unfinished("a", lines: [fix, promise, numbered]).map(\.line) == [1, 2])
    }

    @Test("one machine's places and registries are found")
    func machinePaths() {
        let lines = [
            "cd /wo" + "rk/main", "see ../sha" + "red/design.md", "--index" + "-url x", "Sources/Chat",
        ]
        #expect(TidyRules.machinePaths("a", lines: lines).map(\.line) == [1, 2, 3])
    }

    @Test("pointers are found, in code only")
    func pointers() {
        #expect(TidyRules.usesPointers(file("func f(_ p: UnsafeRawPointer) {}")))
        #expect(TidyRules.usesPointers(file("x.withUnsafeBytes { g($0) }")))
        #expect(TidyRules.usesPointers(file("unsafe f()")))
        #expect(!TidyRules.usesPointers(file("// UnsafeRawPointer\nlet a = \"unsafe\"")))
    }

    @Test("what is unchecked is found")
    func unchecked() {
        #expect(TidyRules.isUnchecked(file("final class A: @unchecked Sendable {}")))
        #expect(TidyRules.isUnchecked(file("nonisolated(unsafe) var a = 1")))
        #expect(!TidyRules.isUnchecked(file("// @unchecked\nnonisolated var a = 1")))
    }

    @Test("a list must name exactly the files that need it")
    func lists() {
        let pointer = file("let p: OpaquePointer", "Sources/A/P.swift")
        let plain = file("let a = 1", "Sources/A/Q.swift")
        func check(_ list: [String: String]) -> [String] {
            TidyRules.listed(list, [pointer, plain], "holds pointers", TidyRules.usesPointers).map(\.path)
        }
        #expect(check(["Sources/A/P.swift": "why"]) == [])
        #expect(check([:]) == ["Sources/A/P.swift"])
        #expect(check(["Sources/A/P.swift": "why", "Sources/A/Q.swift": "why"]) == ["Sources/A/Q.swift"])
        #expect(
            check(["Sources/A/P.swift": "why", "Sources/A/Gone.swift": "why"]) == ["Sources/A/Gone.swift"])
    }

    @Test(
        "a visible declaration without a comment is found",
        arguments: [
            "package struct Room {}", "package final class Hub {", "    package var count: Int { 0 }",
            "    package static func make() {}", "    package init(a: Int) {}", "public enum A {}",
            "    package private(set) var a = 1", "package typealias A = Int",
            "    @inlinable package func f() {}",
            "@frozen\npackage struct Room {}", "package struct Token: ~Copyable {",
            "    package subscript(i: Int) -> Int {",
        ])
    func comments(_ line: String) {
        #expect(CommentRules.breaches(in: file("import A\n\n" + line)).count == 1)
        #expect(CommentRules.breaches(in: file("import A\n\n/// What it is.\n" + line)) == [])
    }

    @Test("a visible protocol's requirements need comments too; private things and witnesses do not")
    func requirements() {
        let text = """
            /// A port.
            package protocol Archive {
                func append()
                /// Reads.
                func read()
            }
            private struct A { func f() {} }
            /// A table.
            package static let a = 1
            package static let b = 2
            struct B { func g() {} }
            package import C
            extension B {
                package var description: String { "" }
                package static func == (a: B, b: B) -> Bool { true }
                package init(rawValue: Int) {}
            }
            """
        #expect(CommentRules.breaches(in: file(text)).map(\.line) == [3])
    }

    @Test("what fulfils a documented protocol needs no second comment, in a file that names it")
    func fulfilments() {
        let port = file("/// A port.\npackage protocol Archive {\n    /// Stores.\n    func append()\n}")
        let promised = CommentRules.requirements(in: [port])
        let methods = "    package func append() {}\n    package func close() {}\n}"
        let adapter = file("extension Disk: Archive {\n" + methods)
        #expect(CommentRules.breaches(in: adapter, promised: promised).map(\.line) == [3])
        let other = file("extension Disk {\n" + methods)
        #expect(CommentRules.breaches(in: other, promised: promised).map(\.line) == [2, 3])
    }

    @Test("a file with decisions needs a test file, an aspect may be tested with its type")
    func mirror() {
        let room = file("func f() { if a { b() } }", "Sources/Chat/Room.swift")
        let aspect = file("func f() { for a in b { c() } }", "Sources/Chat/Room+Roster.swift")
        let facts = file("struct A { var a = 1\n    func ask(for b: Int) {} }", "Sources/Chat/Facts.swift")
        let test = file("@Test func f() {}", "Tests/ChatTests/RoomTests.swift")
        let empty = file("// nothing", "Tests/ChatTests/RoomTests.swift")
        func check(
            _ tests: [SwiftText], _ exempt: [String: String] = [:], _ elsewhere: [String: String] = [:]
        ) -> [String] {
            MirrorRules.untested(
                sources: [room, aspect, facts], tests: tests, exempt: exempt, elsewhere: elsewhere
            ).map(\.path)
        }
        #expect(check([test]) == [])
        #expect(check([empty]) == [room.path, aspect.path])
        #expect(check([], [room.path: "why", aspect.path: "why"]) == [])
        #expect(check([test], [room.path: "why"]) == [room.path])
        let hub = file("@Test func f() {}", "Tests/ChatTests/HubTests.swift")
        #expect(check([hub], [:], [room.path: "HubTests", aspect.path: "HubTests"]) == [])
        #expect(check([hub], [:], [room.path: "HubTests", aspect.path: "GoneTests"]) == [aspect.path])
        #expect(check([hub, test], [:], [room.path: "HubTests"]) == [room.path])
    }

    @Test("a vector that no test names is found")
    func vectors() {
        let paths = ["protocol/vectors/utf8.json", "protocol/transcripts/gap.json", "protocol/errors.json"]
        let tests = [(path: "Tests/A.swift", text: "load(\"utf8\")")]
        #expect(
            MirrorRules.unused(paths: paths, tests: tests).map(\.path) == ["protocol/transcripts/gap.json"])
    }

    @Test("a placeholder beside real files is found")
    func placeholders() {
        let lone = ["Sources/A/_Placeholder.swift"]
        #expect(MirrorRules.placeholders(lone) == [])
        #expect(MirrorRules.placeholders(lone + ["Sources/A/B.swift"]).map(\.path) == lone)
    }
}
