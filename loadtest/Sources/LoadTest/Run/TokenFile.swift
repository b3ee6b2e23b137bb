import JSON

/// The tokens of a replay's users: one JSON object, a member a user.
enum TokenFile {
    /// Reads the whole text.
    static func read(_ text: Span<UInt8>) throws(JSONError) -> [String: String] {
        var tokens: [String: String] = [:]
        var reader = JSONReader()
        try reader.beginObject(in: text)
        while let key = try reader.nextKey(in: text) {
            var nameReader = JSONReader(at: key.range.lowerBound)
            let name = String(decoding: try nameReader.string(in: text), as: UTF8.self)
            tokens[name] = String(decoding: try reader.string(in: text), as: UTF8.self)
        }
        try reader.end(in: text)
        return tokens
    }
}
