import Bytes
import HTTP1

/// The status line and fields of an HTTP/1.1 response, as a client reads them (RFC 9112 §4, §5).
struct ResponseHead: Equatable {
    /// Three digits.
    let status: Int
    /// In the order they came.
    let fields: HTTPFields
    /// How many bytes the head takes, its empty line included.
    let count: Int

    /// Beyond this a head is refused.
    static let byteLimit = 16 * 1024

    /// The head at the beginning of `bytes`; nil while it is not all there.
    static func read(_ bytes: Span<UInt8>) throws(ResponseError) -> ResponseHead? {
        guard let end = end(of: bytes) else {
            if bytes.count > byteLimit { throw .tooLarge }
            return nil
        }
        let lines = [UInt8](bytes.extracting(0..<(end - 4))).split(separator: UInt8(ascii: "\n")).map {
            line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] == "HTTP/1.1", words[1].utf8.count == 3,
            let status = Int(words[1]), status >= 100
        else { throw .notHTTP }
        var fields = HTTPFields()
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), String(line[..<colon]).isToken else { throw .notHTTP }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append(String(line[..<colon]), String(value))
        }
        return ResponseHead(status: status, fields: fields, count: end)
    }

    /// Behind the empty line that ends the head.
    private static func end(of bytes: Span<UInt8>) -> Int? {
        var index = 3
        while index < min(bytes.count, byteLimit) {
            if bytes[index] == 0x0A, bytes[index - 1] == 0x0D, bytes[index - 2] == 0x0A,
                bytes[index - 3] == 0x0D
            {
                return index + 1
            }
            index += 1
        }
        return nil
    }
}

/// What is wrong with a response.
enum ResponseError: Error, Equatable {
    /// What answers does not speak HTTP/1.1.
    case notHTTP
    /// The head or the body is larger than any answer of the protocol.
    case tooLarge
    /// The body's length is not told by Content-Length; Parley always does.
    case noLength

    /// As a sentence.
    var sentence: String {
        switch self {
        case .notHTTP: "what answers there does not speak HTTP/1.1; is the address right?"
        case .tooLarge: "the answer is larger than the protocol has any"
        case .noLength: "the answer has no Content-Length; is there a proxy in between?"
        }
    }
}
