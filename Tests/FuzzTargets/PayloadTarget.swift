import BrokerRedis
import Chat
import ChatProtocol
import HTTP1

extension FuzzTarget {
    /// Payloads between instances: what one seals the other takes, in that room only and unchanged only; and
    /// nobody without the key makes one. What is behind the seal is news or a refusal.
    package static let payload = FuzzTarget(name: "payload") { input in
        var draw = Draw(input)
        let (place, value, roomName) = (Int(draw.byte()) << 8 | Int(draw.byte()), draw.byte(), draw.bytes())
        let content = draw.remainder()
        let key = Array(repeating: UInt8(7), count: 32)
        let (mine, other) = (PayloadSeal(instance: 1 << 60, key: key), PayloadSeal(instance: 3, key: key))
        guard UTF8Oracle.isText(roomName), let name = try? RoomName(roomName) else { return }
        let room = RoomKey(tenant: .default, name: name)
        let channel = Channel.name(of: room)
        check(channel, of: name)

        let payload = mine.seal(for: channel) { $0 += content }
        precondition(payload.count == PayloadSeal.headBytes + content.count, "another size")
        precondition(other.verdict(on: payload.span, from: channel) == .genuine, "refused by its receiver")
        precondition(mine.verdict(on: payload.span, from: channel) == .echo, "its own payload is news")
        precondition(other.verdict(on: payload.span, from: channel + [1]) == .forged, "taken in another room")
        var changed = payload
        changed[place % payload.count] ^= value
        if value != 0 {
            precondition(other.verdict(on: changed.span, from: channel) != .genuine, "taken though changed")
        }
        precondition(other.verdict(on: content.span, from: channel) != .genuine, "made without the key")
        let opened = payload.span.extracting(droppingFirst: PayloadSeal.headBytes)
        if let news = try? NewsDecoder.decode(opened, in: room) {
            precondition(news.room == room, "the room is the channel's")
        }
    }

    /// A channel is ASCII without spaces, and names one room only.
    private static func check(_ channel: [UInt8], of room: RoomName) {
        precondition(channel.allSatisfy { (0x21...0x7E).contains($0) }, "a channel is visible ASCII")
        let text = String(decoding: channel, as: UTF8.self)
        precondition(text.hasPrefix("parley:1:{default:") && text.hasSuffix("}"), "a channel's form")
        let escaped = text.dropFirst("parley:1:{default:".count).dropLast()
        precondition(!escaped.contains { "{}: ".contains($0) }, "what has a meaning is escaped")
        precondition(
            PercentEncoding.decode(escaped).map { Array($0.utf8) } == room.utf8, "another room's channel")
    }
}
