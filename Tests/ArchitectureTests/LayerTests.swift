import Testing

@Suite("imports go downward only")
struct LayerTests {
    @Test(
        "every import of Sources is one the module's floor allows",
        arguments: LayerTable.modules.keys.sorted())
    func imports(of module: String) {
        expectNone(Repository.sources.filter { $0.module == module }.flatMap(LayerRules.breaches))
    }

    @Test("every module of Sources has a floor, and every floor its module")
    func modulesAreListed() {
        let found = Set(Repository.sources.map(\.module)).subtracting(LayerTable.c)
        #expect(found.subtracting(LayerTable.modules.keys).sorted() == [])
        #expect(Set(LayerTable.modules.keys).subtracting(found).sorted() == [])
    }

    @Test("the table and Package.swift say the same")
    func tableEqualsManifest() {
        let manifest = LayerRules.manifest(Repository.read("Package.swift"))
        for (name, module) in LayerTable.modules where name != "parley" {
            #expect(manifest[name]?.layers == module.layers, "layers of \(name)")
            #expect(manifest[name]?.packages == module.packages, "packages of \(name)")
        }
        #expect(Set(manifest.keys) == Set(LayerTable.modules.keys).subtracting(["parley"]))
    }

    @Test("a module imports only from floors below it, or from its own where the table says so")
    func tableGoesDownward() {
        for (name, module) in LayerTable.modules {
            for layer in module.layers.subtracting(LayerTable.c) {
                let below = LayerTable.modules[layer]?.floor ?? .max
                #expect(below <= module.floor, "\(name) imports \(layer)")
            }
        }
    }

    /// One breach a line: the file it is planted in, and what it is.
    static let planted: [(path: String, text: String)] = [
        ("Sources/JSON/A.swift", "import Foundation"),
        ("Sources/WebSocket/A.swift", "import Glibc"),
        ("Sources/Chat/A.swift", "internal import Dispatch"),
        ("Sources/Chat/A.swift", "import Synchronization"),
        ("Sources/Chat/A.swift", "package import Networking"),
        ("Sources/HTTP1/A.swift", "import WebSocket"),
        ("Sources/Bytes/A.swift", "import Foundation"),
        ("Sources/ArchiveSQLite/A.swift", "import Foundation"),
        ("Sources/Networking/A.swift", "import Chat"),
        ("Sources/Gateway/A.swift", "import ArgumentParser"),
        ("Sources/Networking/A.swift", "import CLinux"),
        ("Sources/Digest/A.swift", "package import COpenSSL"),
        ("Sources/Chat/A.swift", "internal import CSQLite"),
        ("Sources/Chat/A.swift", "@_exported import ChatProtocol"),
        ("Sources/Chat/A.swift", "public import ChatProtocol"),
        ("Sources/Chat/A.swift", "@testable import ChatProtocol"),
        ("Sources/Chat/A.swift", "import struct Foundation.Data"),
        ("Sources/Chat/A.swift", "import Chat"),
        ("Sources/Attic/A.swift", "import Bytes"),
        ("Sources/Chat/A.swift", "func f() async {}"),
        ("Sources/Chat/A.swift", "let x = await f()"),
        ("Sources/Chat/A.swift", "let t = Task { f() }"),
        ("Sources/Chat/A.swift", "actor Room {}"),
        ("Sources/JSON/A.swift", "let now = ContinuousClock.now"),
        ("Sources/JSON/A.swift", "let n = Int.random(in: 0..<6)"),
        ("Sources/JSON/A.swift", "let n = [1, 2].randomElement()"),
        ("Sources/JSON/A.swift", "var g = SystemRandomNumberGenerator()"),
    ]

    @Test("a planted breach is found", arguments: planted.indices)
    func plantedBreachIsFound(_ index: Int) {
        let (path, text) = Self.planted[index]
        let found = LayerRules.breaches(in: SwiftText(path: path, text: "\n" + text + "\n"))
        #expect(found.count == 1, "\(path): \(text): \(found)")
    }

    @Test("what is allowed is not reported")
    func allowedIsSilent() {
        let text = """
            // Task, async and Foundation in prose.
            package import Time
            import DequeModule
            let asynchronous = "await Task.random(in:)"
            """
        #expect(LayerRules.breaches(in: SwiftText(path: "Sources/Chat/A.swift", text: text)) == [])
        let digest = SwiftText(path: "Sources/Digest/A.swift", text: "internal import COpenSSL")
        #expect(LayerRules.breaches(in: digest) == [])
    }
}
