import Chat
import ChatProtocol

extension FuzzTarget {
    /// A broker's payload behind its seal: news that are written again as the same bytes, or a refusal with a
    /// small sentence.
    package static let news = FuzzTarget(name: "news") { input in
        guard let name = try? RoomName("room") else { preconditionFailure("a room's name") }
        do throws(NewsDecodeError) {
            let room = RoomKey(tenant: .default, name: name)
            let news = try NewsDecoder.decode(input.span, in: room)
            precondition(news.room == room, "the room is the channel's")
            var bytes: [UInt8] = []
            NewsEncoder.append(news, to: &bytes)
            precondition(bytes == input, "two payloads mean the same news")
        } catch {
            precondition(error.description.utf8.count < 256, "a refusal stays small")
        }
    }
}
