import Bytes
import JSON

/// What `connect` and `join` answer for one room, and what `history` answers for a page.
struct RoomAnswer {
    /// Why not, where the room was refused.
    var fault: ServerFault?
    /// The archive's numbering.
    var epoch = ""
    /// The last offset there is.
    var head: Int64 = 0
    /// Whether nothing between the asked position and this page is lost.
    var recovered = true
    /// The lost offsets, both ends included.
    var gap: ClosedRange<Int64>?
    /// The page is not all.
    var more = false
    /// Oldest first.
    var publications: [Heard] = []

    /// Reads the object that comes next.
    init(_ reader: inout JSONReader, in line: Span<UInt8>) throws(JSONError) {
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "error": fault = try ServerFault(&reader, in: line)
            case "epoch": epoch = String(decoding: try reader.string(in: line), as: UTF8.self)
            case "head": head = try reader.integer(0...Heard.offsetLimit, in: line)
            case "recovered": recovered = try reader.boolean(in: line)
            case "more": more = try reader.boolean(in: line)
            case "gap": gap = try Self.gap(&reader, in: line)
            case "publications":
                try reader.beginArray(in: line)
                while try reader.nextElement(in: line) {
                    publications.append(try Heard(&reader, in: line))
                }
            default: _ = try reader.skip(in: line)
            }
        }
    }

    private static func gap(
        _ reader: inout JSONReader, in line: Span<UInt8>
    ) throws(JSONError) -> ClosedRange<Int64>? {
        var (from, to): (Int64, Int64) = (1, 0)
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "from": from = try reader.integer(0...Heard.offsetLimit, in: line)
            case "to": to = try reader.integer(0...Heard.offsetLimit, in: line)
            default: _ = try reader.skip(in: line)
            }
        }
        return from <= to ? from...to : nil
    }
}
