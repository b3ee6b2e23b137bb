import Bytes
import ChatProtocol
import Time

/// Reads news as `NewsEncoder` writes them. Any bytes end in news or in an error, and what is read needs no
/// more memory than a small multiple of the bytes: every count is held against what is left before room is
/// made for it.
///
/// A body is passed on unread: that it is JSON is the origin's word, which the broker's seal vouches for.
package enum NewsDecoder {
    /// The news that `bytes` hold, about the room whose channel brought them.
    package static func decode(
        _ bytes: Span<UInt8>, in room: RoomKey
    ) throws(NewsDecodeError) -> News {
        var reader = NewsReader()
        let format = try reader.byte(in: bytes)
        guard format == NewsEncoder.format else { throw .unknownFormat(format) }
        let kindByte = try reader.byte(in: bytes)
        guard let kind = NewsKind(rawValue: kindByte) else { throw .unknownKind(kindByte) }
        let origin = OriginID(number: try reader.number(in: bytes))
        let content = try content(kind, &reader, bytes, room)
        guard reader.offset == bytes.count else { throw .trailing(bytes.count - reader.offset) }
        return News(origin: origin, room: room, content: content)
    }

    private static func content(
        _ kind: NewsKind, _ reader: inout NewsReader, _ bytes: Span<UInt8>, _ room: RoomKey
    ) throws(NewsDecodeError) -> News.Content {
        switch kind {
        case .stored:
            let position = try reader.position(in: bytes)
            return .publication(try reader.publication(at: position, in: room.name, bytes))
        case .ephemeral: return .publication(try reader.publication(at: nil, in: room.name, bytes))
        case .typing: return .typing(try reader.member(in: bytes), isOn: true)
        case .typingNoLonger: return .typing(try reader.member(in: bytes), isOn: false)
        case .roster:
            let previous = try reader.count(in: bytes)
            let number = try reader.count(in: bytes)
            guard previous <= number else { throw .impossibleNumber }
            let change = RosterNews(
                join: try reader.members(in: bytes), left: try reader.users(in: bytes),
                lost: try reader.users(in: bytes))
            return .roster(previous: previous, number: number, change: change)
        case .rosterRequest: return .rosterRequest
        case .rosterSnapshot:
            let number = try reader.count(in: bytes)
            return .rosterSnapshot(number: number, members: try reader.members(in: bytes))
        }
    }
}

/// A place in the bytes that moves on with everything read.
private struct NewsReader {
    private(set) var offset = 0

    mutating func byte(in bytes: Span<UInt8>) throws(NewsDecodeError) -> UInt8 {
        guard offset < bytes.count else { throw .truncated }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
        in bytes: Span<UInt8>
    ) throws(NewsDecodeError) -> Number {
        let end = offset + Number.bitWidth / 8
        guard end <= bytes.count else { throw .truncated }
        var number: Number = 0
        while offset < end {
            number = number << 8 | Number(bytes[offset])
            offset += 1
        }
        return number
    }

    /// A number of changes: not negative.
    mutating func count(in bytes: Span<UInt8>) throws(NewsDecodeError) -> Int64 {
        guard let count = Int64(exactly: try number(in: bytes) as UInt64) else { throw .impossibleNumber }
        return count
    }

    private mutating func skip(_ length: Int, in bytes: Span<UInt8>) throws(NewsDecodeError) -> Range<Int> {
        guard length <= bytes.count - offset else { throw .truncated }
        defer { offset += length }
        return offset..<offset + length
    }

    /// What follows its length in one byte.
    private mutating func short(in bytes: Span<UInt8>) throws(NewsDecodeError) -> Range<Int> {
        try skip(Int(try byte(in: bytes)), in: bytes)
    }

    private func text(_ range: Range<Int>, in bytes: Span<UInt8>) throws(NewsDecodeError) -> String {
        guard let text = String(validating: bytes.extracting(range)) else { throw .malformedText }
        return text
    }

    private mutating func user(in bytes: Span<UInt8>) throws(NewsDecodeError) -> UserID {
        let range = try short(in: bytes)
        guard String(validating: bytes.extracting(range)) != nil else { throw .malformedText }
        do { return try UserID([UInt8](bytes.extracting(range))) } catch { throw .malformedIdentifier(error) }
    }

    mutating func member(in bytes: Span<UInt8>) throws(NewsDecodeError) -> Member {
        let user = try user(in: bytes)
        let length: UInt32 = try number(in: bytes)
        guard length > 0 else { return Member(user: user, name: nil) }
        let range = try skip(Int(length) - 1, in: bytes)
        return Member(user: user, name: try text(range, in: bytes))
    }

    mutating func members(in bytes: Span<UInt8>) throws(NewsDecodeError) -> [Member] {
        // The smallest: a user of one byte behind its length, and no name.
        let count = try elements(ofAtLeast: 6, in: bytes)
        var members: [Member] = []
        members.reserveCapacity(count)
        for _ in 0..<count { members.append(try member(in: bytes)) }
        return members
    }

    mutating func users(in bytes: Span<UInt8>) throws(NewsDecodeError) -> [UserID] {
        let count = try elements(ofAtLeast: 2, in: bytes)
        var users: [UserID] = []
        users.reserveCapacity(count)
        for _ in 0..<count { users.append(try user(in: bytes)) }
        return users
    }

    private mutating func elements(
        ofAtLeast size: Int, in bytes: Span<UInt8>
    ) throws(NewsDecodeError) -> Int {
        let count = Int(try number(in: bytes) as UInt32)
        guard count <= (bytes.count - offset) / size else { throw .truncated }
        return count
    }

    mutating func position(in bytes: Span<UInt8>) throws(NewsDecodeError) -> StreamPosition {
        let text = try text(try short(in: bytes), in: bytes)
        let offset = try count(in: bytes)
        guard (1...StreamPosition.largestOffset).contains(offset) else { throw .impossibleNumber }
        do {
            return StreamPosition(epoch: try Epoch(text), offset: offset)
        } catch {
            throw .malformedIdentifier(error)
        }
    }

    mutating func publication(
        at position: StreamPosition?, in room: RoomName, _ bytes: Span<UInt8>
    ) throws(NewsDecodeError) -> Publication {
        let time = WallTime(milliseconds: Int64(bitPattern: try number(in: bytes)))
        let member = try member(in: bytes)
        let clientID = try clientID(in: bytes)
        let body = try skip(Int(try number(in: bytes) as UInt32), in: bytes)
        return Publication(
            room: room, position: position, time: time, user: member.user, name: member.name,
            clientID: clientID, body: [UInt8](bytes.extracting(body)))
    }

    private mutating func clientID(in bytes: Span<UInt8>) throws(NewsDecodeError) -> ClientID? {
        let range = try short(in: bytes)
        if range.isEmpty { return nil }
        let text = try text(range, in: bytes)
        do { return try ClientID(text) } catch { throw .malformedIdentifier(error) }
    }
}
