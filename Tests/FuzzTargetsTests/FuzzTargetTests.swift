import Foundation
import FuzzTargets
import TestKit
import Testing

/// Goal: what a fuzzer once found, or was given to begin with, stays harmless. Method: every file of
/// `Tests/Fuzz/Corpus/<target>` runs through its target; a broken property ends the test run.
@Suite("Fuzz targets")
struct FuzzTargetTests {
    static let corpus = Vectors.folder.deletingLastPathComponent().appending(path: "Tests/Fuzz/Corpus")

    @Test("every seed leaves its target's properties true", arguments: FuzzTarget.all.map(\.name))
    func replaysCorpus(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.corpus.appending(path: name), includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files { target.run(try Array(Data(contentsOf: file))) }
    }

    @Test("every folder of seeds has a target")
    func knowsEveryFolder() throws {
        for folder in try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path()) {
            #expect(FuzzTarget.named(folder) != nil, "\(folder)")
        }
    }

    @Test("the canary is silent until it is touched")
    func canaryIsSilent() {
        FuzzTarget.canary.run(Array("son".utf8))
        FuzzTarget.canary.run([])
    }

    @Test("the canary crashes on its planted input")
    func canaryCrashes() async {
        await #expect(processExitsWith: .failure) { FuzzTarget.canary.run(Array("song!".utf8)) }
    }
}
