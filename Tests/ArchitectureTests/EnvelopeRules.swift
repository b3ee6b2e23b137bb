import Foundation

/// The JSON a document shows is JSON of the protocol. Shapes only: fields are the schemas' and the codec's
/// tests'.
enum EnvelopeRules {
    /// The lines of the document's `json` blocks, with their numbers.
    static func lines(of document: String) -> [(line: Int, text: String)] {
        var isJSON = false
        var found: [(line: Int, text: String)] = []
        for (index, line) in document.lines.enumerated() {
            if line.hasPrefix("```") {
                isJSON = line == "```json"
            } else if isJSON, !line.isEmpty {
                found.append((index + 1, line))
            }
        }
        return found
    }

    /// Lines of the document's `json` blocks that are neither a command nor a reply nor a push.
    static func breaches(_ path: String, document: String) -> [Breach] {
        lines(of: document).compactMap { line, text in
            fault(in: text).map { Breach(path: path, line: line, message: "\($0): \(text.prefix(60))") }
        }
    }

    /// Why a line is no envelope; nil where it is one.
    static func fault(in text: String) -> String? {
        guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8)) else { return "not JSON" }
        guard let object = value as? [String: Any] else { return "not an object" }
        let content = object.filter { $0.key != "id" }
        guard content.count == 1, let (key, body) = content.first else {
            return "an envelope has one verb beside `id`"
        }
        if let id = object["id"], (id as? Int).map({ $0 < 0 || $0 > 1 << 53 - 1 }) ?? true {
            return "`id` is no integer from 0 to 2^53-1"
        }
        guard body is [String: Any] else { return "`\(key)` is no object" }
        guard key.allSatisfy({ $0.isLetter || $0 == "." }) else { return "`\(key)` is no verb" }
        if key == "ok" { return object["id"] == nil ? "a success reply has an `id`" : nil }
        guard key == "error" else { return nil }
        let error = body as? [String: Any]
        let isWhole = error?["code"] is Int && error?["name"] is String && error?["message"] is String
        return isWhole ? nil : "an error has code, name and message"
    }
}
