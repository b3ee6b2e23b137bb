import Bytes
import JSON

/// A publication as it arrived: in a push, in the answer to `join`, or in a page of history.
struct Heard {
    /// Its place in the room.
    let offset: Int64
    /// Milliseconds since 1970, by the archive's clock.
    let time: Int64
    /// Who published it, as bytes of UTF-8.
    let user: [UInt8]
    /// The publisher's name for it.
    let clientId: [UInt8]
    /// The body's bytes.
    let body: Fingerprint
    /// In a push: the new epoch, where it changed.
    let epoch: String?
    /// In a push: the room.
    let room: [UInt8]

    /// Everything but the room and the epoch: two that agree in it are the same publication.
    var whole: Fingerprint {
        var bytes = user
        bytes.append(0)
        bytes += clientId
        bytes.append(0)
        for value in [UInt64(bitPattern: time), body.bits] {
            for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))) }
        }
        return Fingerprint(bytes.span)
    }

    /// Reads the object that comes next.
    init(_ reader: inout JSONReader, in line: Span<UInt8>) throws(JSONError) {
        var (offset, time): (Int64?, Int64?) = (nil, nil)
        var (user, clientId, room): ([UInt8]?, [UInt8], [UInt8]) = (nil, [], [])
        var body: Range<Int>?
        var epoch: String?
        let start = reader.offset
        try reader.beginObject(in: line)
        while let key = try reader.nextKey(in: line) {
            switch key {
            case "offset": offset = try reader.integer(1...Self.offsetLimit, in: line)
            case "time": time = try reader.integer(0...Self.offsetLimit, in: line)
            case "user": user = try reader.string(in: line)
            case "clientId": clientId = try reader.string(in: line)
            case "room": room = try reader.string(in: line)
            case "epoch": epoch = String(decoding: try reader.string(in: line), as: UTF8.self)
            case "body": body = try reader.skip(in: line)
            default: _ = try reader.skip(in: line)
            }
        }
        guard let offset, let time, let user, let body else { throw JSONError(.expected(.object), at: start) }
        self.offset = offset
        self.time = time
        self.user = user
        self.clientId = clientId
        self.body = Fingerprint(line.extracting(body))
        self.epoch = epoch
        self.room = room
    }

    /// The largest offset, and far beyond any time: 2^53 - 1.
    static let offsetLimit: Int64 = 1 << 53 - 1
}
