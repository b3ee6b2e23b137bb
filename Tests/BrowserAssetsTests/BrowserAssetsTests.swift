import BrowserClient
import Foundation
import Testing

/// The page as it lies in the binary: whole, and with nothing that a strict policy forbids.
@Suite("The browser's files")
struct BrowserAssetsTests {
    private let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/BrowserClient/Assets").standardizedFileURL

    @Test("every file of the folder is served, unchanged, and nothing else")
    func servesTheFolder() throws {
        var served: [String: [UInt8]] = [:]
        for asset in BrowserAssets.all {
            served[asset.path == "/" ? "index.html" : String(asset.path.dropFirst())] = asset.bytes
        }
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            files[name] = Array(try Data(contentsOf: folder.appending(path: name)))
        }
        #expect(served.keys.sorted() == files.keys.sorted())
        // Not the files themselves: a difference would print them whole.
        let changed = files.keys.sorted().filter { files[$0] != served[$0] }
        #expect(changed == [])
    }

    @Test("the page comes first and is HTML; scripts and styles have their types")
    func hasTypes() {
        #expect(BrowserAssets.all.first?.path == "/")
        for asset in BrowserAssets.all {
            let kind =
                asset.path == "/"
                ? "text/html" : asset.path.hasSuffix(".css") ? "text/css" : "text/javascript"
            #expect(asset.contentType == "\(kind); charset=utf-8")
        }
    }

    @Test("whatever a file asks for is served")
    func isClosed() throws {
        let paths = Set(BrowserAssets.all.map(\.path))
        for asset in BrowserAssets.all {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            for match in text.matches(of: /\bfrom "\.(\/[^"]+)"/) { #expect(paths.contains(String(match.1))) }
            for match in text.matches(of: /(?:src|href)="(\/[^"]*)"/) {
                #expect(paths.contains(String(match.1)))
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
