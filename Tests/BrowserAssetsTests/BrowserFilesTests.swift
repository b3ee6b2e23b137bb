import Foundation
import Testing

@testable import BrowserClient

@Suite("The files of the browser client and the page, as they lie in the binary")
struct BrowserFilesTests {
    @Test("each file in Assets is there under its name, byte for byte")
    func areTheFiles() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/BrowserClient/Assets").standardizedFileURL
        var onDisk: [String: [UInt8]] = [:]
        for part in ["client", "page"] {
            let place = folder.appending(path: part)
            for name in try FileManager.default.contentsOfDirectory(atPath: place.path) {
                onDisk[name] = Array(try Data(contentsOf: place.appending(path: name)))
            }
        }
        #expect(BrowserFiles.names.sorted() == onDisk.keys.sorted())
        // Not the files themselves: a difference would print them whole.
        let changed = BrowserFiles.names.filter { BrowserFiles.bytes(of: $0) != onDisk[$0] }
        #expect(changed == [])
    }
}
