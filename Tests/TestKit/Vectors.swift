package import Foundation

/// The vectors of `protocol/vectors`: data before code. Each has a name and the rule it stands for.
package enum Vectors {
    /// What is wrong with a file of vectors.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private struct File<Vector: Decodable>: Decodable {
        let about: String
        let vectors: [Vector]
    }

    /// The repository's `protocol` folder.
    package static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "protocol")

    /// All vectors of `protocol/vectors/<name>.json`. Ends the run if the file is missing or malformed: a
    /// test without its data must not pass.
    package static func load<Vector: Decodable>(_ name: String, as type: Vector.Type = Vector.self)
        -> [Vector]
    {
        let file = folder.appending(path: "vectors/\(name).json")
        do {
            let vectors = try JSONDecoder().decode(File<Vector>.self, from: Data(contentsOf: file)).vectors
            guard !vectors.isEmpty else { throw Failure(description: "there is none") }
            return vectors
        } catch {
            fatalError("\(file.path()): \(error)")
        }
    }

    /// All ways to cut `bytes` that a test plays: whole, byte by byte, and in two at every place.
    package static func splits(of bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
        var splits: [[ArraySlice<UInt8>]] = [[bytes[...]], bytes.indices.map { bytes[$0...$0] }]
        for cut in bytes.indices.dropFirst() { splits.append([bytes[..<cut], bytes[cut...]]) }
        return splits
    }
}
