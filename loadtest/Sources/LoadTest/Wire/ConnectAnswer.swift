import Bytes
import JSON

/// What of the answer to `connect` a replay needs.
struct ConnectAnswer {
    /// After so much silence of ours the server asks whether we are there.
    var pingMs: Int64 = 25_000
    /// How long it waits for the answer.
    var pongMs: Int64 = 20_000
    /// The first bound of the wait before coming back.
    var minMs: Int64 = 500
    /// The last one.
    var maxMs: Int64 = 20_000
    /// The largest `body` the server takes.
    var bodyBytes: Int64 = .max
    /// One for every room that was asked for.
    var rooms: [RoomAnswer] = []

    /// Reads the object that comes next.
    init(_ reader: inout JSONReader, in line: Span<UInt8>) throws(JSONError) {
        let milliseconds = 0...Int64(Int32.max)
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "pingMs": pingMs = try reader.integer(milliseconds, in: line)
            case "pongMs": pongMs = try reader.integer(milliseconds, in: line)
            case "reconnect":
                try reader.beginObject(in: line)
                while let key = try reader.nextKey(in: line) {
                    switch key {
                    case "minMs": minMs = try reader.integer(milliseconds, in: line)
                    case "maxMs": maxMs = try reader.integer(milliseconds, in: line)
                    default: _ = try reader.skip(in: line)
                    }
                }
            case "limits":
                try reader.beginObject(in: line)
                while let key = try reader.nextKey(in: line) {
                    switch key {
                    case "bodyBytes": bodyBytes = try reader.integer(0...Heard.offsetLimit, in: line)
                    default: _ = try reader.skip(in: line)
                    }
                }
            case "rooms":
                try reader.beginArray(in: line)
                while try reader.nextElement(in: line) {
                    rooms.append(try RoomAnswer(&reader, in: line))
                }
            default: _ = try reader.skip(in: line)
            }
        }
    }
}
