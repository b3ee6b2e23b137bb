import Bytes
import JSON

/// An `error` of the server.
struct ServerFault: Equatable {
    /// As `errors.json` numbers it.
    let code: Int64
    /// For people.
    let message: String
    /// How long to wait before the same command, where the server says it.
    let retryAfterMs: Int64?

    /// The same command may succeed later: `tooManyOutstanding`, `unavailable` and `rateLimited`.
    var mayRetry: Bool { [Self.tooManyOutstanding, Self.unavailable, Self.rateLimited].contains(code) }
    /// Nobody knows whether it was done.
    var isUnavailable: Bool { code == Self.unavailable }

    private static let tooManyOutstanding: Int64 = 110
    private static let unavailable: Int64 = 111
    private static let rateLimited: Int64 = 116

    /// Reads the object that comes next.
    init(_ reader: inout JSONReader, in line: Span<UInt8>) throws(JSONError) {
        var (code, retryAfterMs): (Int64, Int64?) = (0, nil)
        var message = ""
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "code": code = try reader.integer(0...Int64(Int32.max), in: line)
            case "message": message = String(decoding: try reader.string(in: line), as: UTF8.self)
            case "retryAfterMs": retryAfterMs = try reader.integer(0...Int64(Int32.max), in: line)
            default: _ = try reader.skip(in: line)
            }
        }
        self.code = code
        self.message = message
        self.retryAfterMs = retryAfterMs
    }
}
