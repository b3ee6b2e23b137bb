import Bytes
import JSON

/// What `publish` answers, by WebSocket or REST: the place of the publication.
struct StoredAnswer: Equatable {
    /// The archive's numbering.
    var epoch = ""
    /// The place in the room.
    var offset: Int64 = 0
    /// Milliseconds since 1970.
    var time: Int64 = 0
    /// It had been stored before.
    var isRepeat = false

    /// A place known otherwise.
    init(epoch: String, offset: Int64, time: Int64) {
        self.epoch = epoch
        self.offset = offset
        self.time = time
    }

    /// Reads the object that comes next.
    init(_ reader: inout JSONReader, in line: Span<UInt8>) throws(JSONError) {
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "epoch": epoch = String(decoding: try reader.string(in: line), as: UTF8.self)
            case "offset": offset = try reader.integer(1...Heard.offsetLimit, in: line)
            case "time": time = try reader.integer(0...Heard.offsetLimit, in: line)
            case "repeat": isRepeat = try reader.boolean(in: line)
            default: _ = try reader.skip(in: line)
            }
        }
    }
}
