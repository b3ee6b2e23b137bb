import Foundation
import Testing

@Suite("the house is tidy")
struct TidyTests {
    private static let swift = Repository.sources + Repository.tests + Repository.loadtest
    /// Texts people edit by hand; data and prose have other measures.
    private static let programs = Repository.paths.filter { path in
        ["swift", "c", "h", "js", "mjs", "py", "pl", "pm", "sh", "sql", "css"].contains {
            path.hasSuffix("." + $0)
        }
    }

    @Test("a file has at most 300 lines of at most 110 columns")
    func sizes() {
        expectNone(Self.programs.flatMap { TidyRules.size($0, lines: Repository.read($0).lines) })
    }

    @Test("a function has at most 60 lines")
    func functions() {
        expectNone(Self.swift.flatMap(TidyRules.functionLengths))
    }

    @Test("banned calls stand nowhere in Sources")
    func calls() {
        expectNone(Repository.sources.flatMap { TidyRules.calls($0) })
    }

    @Test("no test sleeps")
    func testsDoNotSleep() {
        expectNone(Repository.tests.flatMap { TidyRules.testCalls($0) })
    }

    @Test("nothing is left unfinished")
    func unfinished() {
        expectNone(Repository.paths.flatMap { TidyRules.unfinished($0, lines: Repository.read($0).lines) })
    }

    @Test("no text names a place that exists on one machine only")
    func machinePaths() {
        expectNone(Repository.paths.flatMap { TidyRules.machinePaths($0, lines: Repository.read($0).lines) })
    }

    @Test("pointers stand in listed files only")
    func pointers() {
        expectNone(
            TidyRules.listed(
                Allowances.unsafeFiles, Repository.sources, "holds pointers", TidyRules.usesPointers))
    }

    @Test("`@unchecked` and `nonisolated(unsafe)` stand in listed files only")
    func unchecked() {
        expectNone(
            TidyRules.listed(
                Allowances.uncheckedFiles, Repository.sources, "is unchecked", TidyRules.isUnchecked))
    }

    @Test("everything another module can see has a comment")
    func comments() {
        let promised = CommentRules.requirements(in: Repository.sources)
        expectNone(Repository.sources.flatMap { CommentRules.breaches(in: $0, promised: promised) })
    }

    @Test("every file with decisions has a test file of its name")
    func mirror() {
        expectNone(MirrorRules.untested(sources: Repository.sources, tests: Repository.tests))
    }

    @Test("every vector and transcript is played by a test")
    func vectors() {
        let tests = Repository.paths.filter { path in
            path.hasPrefix("Tests/") && ["swift", "mjs", "py"].contains { path.hasSuffix("." + $0) }
        }
        expectNone(
            MirrorRules.unused(paths: Repository.paths, tests: tests.map { ($0, Repository.read($0)) }))
    }

    @Test("a placeholder goes when the first real file comes")
    func placeholders() {
        expectNone(MirrorRules.placeholders(Repository.paths))
    }
}

extension String {
    /// The lines, the empty one after a final line feed included.
    var lines: [String] {
        split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
