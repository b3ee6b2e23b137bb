import ChatProtocol
import Time

/// Writes news as bytes for a broker between processes. The room is not among them: the channel names it.
///
/// Format byte, kind byte, the origin in eight bytes, and what the kind needs. Numbers are in network order;
/// a user, client id or epoch follows its length in one byte, where 0 means "none"; a name follows its length
/// plus one in four bytes, and a body its length. What `NewsDecoder` takes, this writes again byte for byte.
package enum NewsEncoder {
    /// What this version writes. A version that changes the layout takes the next.
    package static let format: UInt8 = 1

    /// Appends `news` to `bytes`.
    package static func append(_ news: News, to bytes: inout [UInt8]) {
        bytes.append(format)
        bytes.append(kind(of: news.content).rawValue)
        bytes.append(number: news.origin.number)
        switch news.content {
        case .publication(let publication): append(publication, to: &bytes)
        case .typing(let member, _): append(member, to: &bytes)
        case .roster(let previous, let number, let change):
            bytes.append(number: UInt64(bitPattern: previous))
            bytes.append(number: UInt64(bitPattern: number))
            append(change.join, to: &bytes)
            append(change.left, to: &bytes)
            append(change.lost, to: &bytes)
        case .rosterRequest: break
        case .rosterSnapshot(let number, let members):
            bytes.append(number: UInt64(bitPattern: number))
            append(members, to: &bytes)
        }
    }

    private static func kind(of content: News.Content) -> NewsKind {
        switch content {
        case .publication(let publication): publication.position == nil ? .ephemeral : .stored
        case .typing(_, let isOn): isOn ? .typing : .typingNoLonger
        case .roster: .roster
        case .rosterRequest: .rosterRequest
        case .rosterSnapshot: .rosterSnapshot
        }
    }

    private static func append(_ publication: Publication, to bytes: inout [UInt8]) {
        if let position = publication.position {
            bytes.append(short: Array(position.epoch.description.utf8))
            bytes.append(number: UInt64(bitPattern: position.offset))
        }
        bytes.append(number: UInt64(bitPattern: publication.time.milliseconds))
        append(Member(user: publication.user, name: publication.name), to: &bytes)
        bytes.append(short: Array((publication.clientID?.description ?? "").utf8))
        bytes.append(number: UInt32(publication.body.count))
        bytes.append(contentsOf: publication.body)
    }

    private static func append(_ member: Member, to bytes: inout [UInt8]) {
        bytes.append(short: member.user.utf8)
        guard let name = member.name else { return bytes.append(number: UInt32(0)) }
        bytes.append(number: UInt32(name.utf8.count + 1))
        bytes.append(contentsOf: name.utf8)
    }

    private static func append(_ members: [Member], to bytes: inout [UInt8]) {
        bytes.append(number: UInt32(members.count))
        for member in members { append(member, to: &bytes) }
    }

    private static func append(_ users: [UserID], to bytes: inout [UInt8]) {
        bytes.append(number: UInt32(users.count))
        for user in users { bytes.append(short: user.utf8) }
    }
}

/// The kinds of news, as their second byte tells them.
enum NewsKind: UInt8 {
    case stored = 1
    case ephemeral
    case typing
    case typingNoLonger
    case roster
    case rosterRequest
    case rosterSnapshot
}

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger & UnsignedInteger>(number: Number) {
        var shift = Number.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    /// An identifier behind its length; identifiers have at most 128 bytes.
    fileprivate mutating func append(short identifier: [UInt8]) {
        append(UInt8(identifier.count))
        append(contentsOf: identifier)
    }
}
