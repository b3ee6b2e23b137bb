import Bytes
import JSON

/// Reads conversations from JSON lines: `{room, sender, text}`, or `{room, sender, body}` with any JSON
/// value. A text is published as `{"text": …}`. Either passes byte for byte, escapes as the file has them;
/// fields with other names are ignored.
enum CorpusReader {
    /// Room names of the protocol have 200 bytes; a replay's own prefix takes some of them.
    static let roomByteLimit = 160
    private static let userByteLimit = 128

    /// Adds the lines of one file to `corpus`.
    static func read(_ text: Span<UInt8>, file: String, into corpus: inout Corpus) throws(CorpusError) {
        var number = 0
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
            number += 1
            let line = text.extracting(start..<end)
            start = end + 1
            if isBlank(line) { continue }
            let said: Said
            do throws(JSONError) {
                said = try fields(of: line)
            } catch {
                throw CorpusError(
                    file: file, line: number,
                    sentence: "the line \(error.sentence), at its byte \(error.offset + 1)")
            }
            if let fault = said.fault { throw CorpusError(file: file, line: number, sentence: fault) }
            corpus.append(room: said.room!, sender: said.sender!, body: said.body!)
        }
    }

    /// What stands in one line, as far as it does.
    private struct Said {
        var room: String?
        var sender: String?
        var body: [UInt8]?
        var hasBoth = false

        /// What is wrong with it, as a sentence that says what to write.
        var fault: String? {
            guard let room, let sender else {
                return "a line needs `room` and `sender`, two strings"
            }
            guard body != nil else { return "a line needs `text`, a string, or `body`, any JSON value" }
            if hasBoth { return "a line has either `text` or `body`, not both" }
            if let fault = CorpusReader.fault(ofName: room, in: 1...CorpusReader.roomByteLimit) {
                return "`room` \(fault)"
            }
            if room.contains("*") || room.first == " " || room.last == " " {
                return "`room` holds a `*`, or a space at an end: no room may be named so"
            }
            return CorpusReader.fault(ofName: sender, in: 1...CorpusReader.userByteLimit).map {
                "`sender` \($0)"
            }
        }
    }

    private static func fault(ofName name: String, in lengths: ClosedRange<Int>) -> String? {
        guard lengths.contains(name.utf8.count) else {
            return "has \(name.utf8.count) bytes, it must have \(lengths.lowerBound) to \(lengths.upperBound)"
        }
        let hasControls = name.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        return hasControls ? "holds a control character" : nil
    }

    private static func fields(of line: Span<UInt8>) throws(JSONError) -> Said {
        var said = Said()
        var reader = JSONReader()
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "room": said.room = String(decoding: try reader.string(in: line), as: UTF8.self)
            case "sender": said.sender = String(decoding: try reader.string(in: line), as: UTF8.self)
            case "text":
                guard try reader.kind(in: line) == .string else {
                    throw JSONError(.expected(.string), at: reader.offset)
                }
                let text = [UInt8](line.extracting(try reader.skip(in: line)))
                said.hasBoth = said.hasBoth || said.body != nil
                said.body = Array("{\"text\":".utf8) + text + [UInt8(ascii: "}")]
            case "body":
                let body = [UInt8](line.extracting(try reader.skip(in: line)))
                said.hasBoth = said.hasBoth || said.body != nil
                said.body = body
            default: _ = try reader.skip(in: line)
            }
        }
        try reader.end(in: line)
        return said
    }

    private static func isBlank(_ line: Span<UInt8>) -> Bool {
        line.indices.allSatisfy { line[$0] == 0x20 || line[$0] == 0x09 || line[$0] == 0x0D }
    }
}
