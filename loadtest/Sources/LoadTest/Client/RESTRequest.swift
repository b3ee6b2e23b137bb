import Bytes

/// The requests a replay makes, as bytes.
enum RESTRequest {
    /// Publishes.
    static func publish(host: String, room: String, token: String?, content: [UInt8]) -> [UInt8] {
        head("POST", path(room), host, token)
            + Array("Content-Type: application/json\r\nContent-Length: \(content.count)\r\n\r\n".utf8)
            + content
    }

    /// Reads the page after an offset.
    static func history(host: String, room: String, token: String?, after: Int64, limit: Int) -> [UInt8] {
        head("GET", path(room) + "?after=\(after)&limit=\(limit)", host, token) + Array("\r\n".utf8)
    }

    /// RFC 3986 §2.3: everything but unreserved characters is encoded.
    static func encode(_ segment: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in segment.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func path(_ room: String) -> String { "/api/v1/rooms/\(encode(room))/publications" }

    private static func head(_ method: String, _ path: String, _ host: String, _ token: String?) -> [UInt8] {
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return Array("\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(authorization)".utf8)
    }
}
