import BrowserClient
import Foundation
import Testing

/// The page as it lies in the binary: whole, and with nothing that a strict policy forbids.
@Suite("The browser's files")
struct BrowserAssetsTests {
    private let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/BrowserClient/Assets").standardizedFileURL

    private func files(in name: String) throws -> [String: [UInt8]] {
        let place = folder.appending(path: name)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, Array(try Data(contentsOf: place.appending(path: $0)))) })
    }

    @Test("every file of the page is served: modules in one file, the others unchanged, and nothing else")
    func servesThePage() throws {
        var files = try files(in: "page").filter { !$0.key.hasSuffix(".js") || $0.key == "theme.js" }
        files["app.js"] = []
        var served: [String: [UInt8]] = [:]
        for asset in BrowserAssets.all where !asset.isForEveryone {
            let name = asset.path == "/" ? "index.html" : String(asset.path.trimmingPrefix("/page/"))
            served[name] = name == "app.js" ? [] : asset.bytes
        }
        #expect(served.keys.sorted() == files.keys.sorted())
        // Not the files themselves: a difference would print them whole.
        let changed = files.keys.sorted().filter { files[$0] != served[$0] }
        #expect(changed == [])
    }

    @Test(
        "a joined file has whatever its modules export, and asks for no module beside it",
        arguments: [("/client.js", "client", []), ("/page/app.js", "page", ["/client.js"])])
    func joinsModules(_ path: String, _ folder: String, _ imports: [String]) throws {
        let asset = try #require(BrowserAssets.all.first { $0.path == path })
        let text = String(decoding: asset.bytes, as: UTF8.self)
        let asked = text.matches(of: /(?m)^import .* from "(.*)";$/).map { String($0.1) }
        #expect(asked == imports)
        for (name, bytes) in try files(in: folder) where name.hasSuffix(".js") {
            let module = String(decoding: bytes, as: UTF8.self)
            for match in module.matches(of: /(?m)^export (?:async )?((?:class|function|const) \w+)/) {
                #expect(text.contains(match.1), "\(name) is missing in BrowserAssets.swift")
            }
        }
    }

    @Test("the client and its types are for the pages of everyone, and nothing else is")
    func servesTheClient() {
        let everyones = BrowserAssets.all.filter(\.isForEveryone)
        #expect(everyones.map(\.path).sorted() == ["/client.d.ts", "/client.js"])
    }

    @Test("the page comes first and is HTML; everything has its type")
    func hasTypes() {
        #expect(BrowserAssets.all.first?.path == "/")
        let types = [
            "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
            "js": "text/javascript; charset=utf-8", "ts": "text/plain; charset=utf-8",
        ]
        for asset in BrowserAssets.all {
            let name = asset.path == "/" ? "index.html" : asset.path
            #expect(asset.contentType == types[String(name.split(separator: ".").last ?? "")])
        }
    }

    @Test("whatever a file asks for is served")
    func isClosed() throws {
        let paths = Set(BrowserAssets.all.map(\.path))
        for asset in BrowserAssets.all {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            for match in text.matches(of: /\bfrom "\.(\/[^"]+)"/) {
                #expect(paths.contains("/page" + match.1), "\(asset.path) asks for \(match.1)")
            }
            for match in text.matches(of: /(?:\bfrom |src=|href=)"(\/[^"]*)"/) {
                #expect(paths.contains(String(match.1)), "\(asset.path) asks for \(match.1)")
            }
        }
    }

    @Test("nothing is inline, so that the strictest content security policy holds")
    func hasNothingInline() throws {
        let page = String(decoding: try #require(BrowserAssets.all.first).bytes, as: UTF8.self)
        #expect(page.matches(of: /<script(?![^>]*src=)/).isEmpty)
        #expect(page.matches(of: /<style|\sstyle=|\son[a-z]+=/).isEmpty)
        for asset in BrowserAssets.all where asset.path.hasSuffix(".js") {
            #expect(!String(decoding: asset.bytes, as: UTF8.self).contains("innerHTML"))
        }
    }

    @Test("entity tags are strong and differ where the bytes do")
    func tagsEntities() {
        let tags = BrowserAssets.all.map(\.etag)
        #expect(Set(tags).count == tags.count)
        #expect(tags.allSatisfy { $0.wholeMatch(of: /"[0-9a-f]{16}"/) != nil })
    }
}
