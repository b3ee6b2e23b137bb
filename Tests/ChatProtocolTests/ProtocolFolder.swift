import Foundation
import TestKit

/// Files of the repository's `protocol/` folder.
enum ProtocolFolder {
    static func data(_ path: String) throws -> Data {
        try Data(contentsOf: Vectors.folder.appending(path: path))
    }

    static func text(_ path: String) throws -> String { String(decoding: try data(path), as: UTF8.self) }
}
