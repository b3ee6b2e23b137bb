import Bytes
import JSON

/// One line of the server, as far as it can be understood without knowing what was asked.
enum ServerLine {
    /// A command succeeded; the answer stands at this range of the line.
    case answer(id: Int64, ok: Range<Int>)
    /// A command failed; without `id` nobody can say which.
    case failure(id: Int64?, ServerFault)
    /// Somebody published.
    case publication(Heard)
    /// Publications left out.
    case skip(room: [UInt8], from: Int64, to: Int64)
    /// What lay above `after` is void.
    case reset(room: [UInt8], epoch: String, after: Int64)
    /// Whether we are still there.
    case ping
    /// The connection closes soon; come back after so many milliseconds.
    case goaway(afterMs: Int64)
    /// Something that was added later, or that nobody here asked for.
    case other

    /// Reads a line. Unknown fields and pushes are no error (chat.md §4).
    init(_ line: Span<UInt8>) throws(JSONError) {
        var reader = JSONReader()
        var id: Int64?
        var ok: Range<Int>?
        var fault: ServerFault?
        var push: ServerLine?
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "id": id = try reader.integer(0...Heard.offsetLimit, in: line)
            case "ok": ok = try reader.skip(in: line)
            case "error": fault = try ServerFault(&reader, in: line)
            case "publication": push = .publication(try Heard(&reader, in: line))
            case "skip": push = try Self.skip(&reader, in: line)
            case "reset": push = try Self.reset(&reader, in: line)
            case "goaway": push = try Self.goaway(&reader, in: line)
            case "ping":
                _ = try reader.skip(in: line)
                push = .ping
            default: _ = try reader.skip(in: line)
            }
        }
        try reader.end(in: line)
        if let fault {
            self = .failure(id: id, fault)
        } else if let id, let ok {
            self = .answer(id: id, ok: ok)
        } else {
            self = push ?? .other
        }
    }

    private static func skip(
        _ reader: inout JSONReader, in line: Span<UInt8>
    ) throws(JSONError) -> ServerLine {
        var (from, to): (Int64, Int64) = (0, 0)
        var room: [UInt8] = []
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "room": room = try reader.string(in: line)
            case "from": from = try reader.integer(1...Heard.offsetLimit, in: line)
            case "to": to = try reader.integer(1...Heard.offsetLimit, in: line)
            default: _ = try reader.skip(in: line)
            }
        }
        return .skip(room: room, from: from, to: to)
    }

    private static func reset(
        _ reader: inout JSONReader, in line: Span<UInt8>
    ) throws(JSONError) -> ServerLine {
        var (room, epoch): ([UInt8], String) = ([], "")
        var after: Int64 = 0
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "room": room = try reader.string(in: line)
            case "epoch": epoch = String(decoding: try reader.string(in: line), as: UTF8.self)
            case "after": after = try reader.integer(0...Heard.offsetLimit, in: line)
            default: _ = try reader.skip(in: line)
            }
        }
        return .reset(room: room, epoch: epoch, after: after)
    }

    private static func goaway(
        _ reader: inout JSONReader, in line: Span<UInt8>
    ) throws(JSONError) -> ServerLine {
        var afterMs: Int64 = 0
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "afterMs": afterMs = try reader.integer(0...Int64(Int32.max), in: line)
            default: _ = try reader.skip(in: line)
            }
        }
        return .goaway(afterMs: afterMs)
    }
}
