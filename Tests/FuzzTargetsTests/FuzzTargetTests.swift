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

    @Test("every target has a folder of seeds that stays small, and every folder a target")
    func keepsCorporaSmall() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path())
        #expect(folders.sorted() == FuzzTarget.all.map(\.name).sorted())
        for folder in folders {
            let files = try FileManager.default.contentsOfDirectory(
                at: Self.corpus.appending(path: folder), includingPropertiesForKeys: nil)
            #expect((1...150).contains(files.count), "\(folder)")
            let bytes = try files.reduce(0) { try $0 + Data(contentsOf: $1).count }
            #expect(bytes <= 150_000, "\(folder)")
        }
    }

    @Test("every dictionary is a target's")
    func knowsEveryDictionary() throws {
        let folder = Self.corpus.deletingLastPathComponent().appending(path: "Dictionaries")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path()) {
            #expect(FuzzTarget.named(name) != nil, "\(name)")
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
