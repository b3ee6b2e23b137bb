import Bytes
import Chat
import ChatProtocol

/// Hands one push to many transports: encoded once per dialect, framed and compressed once per framing,
/// queued by reference. Only sessions that compress with what went before have frames of their own.
///
/// It does not know which dialects there are; `FanoutTests` serve a second one.
struct Fanout {
    /// Encodings made so far, for the tests and the curious.
    private(set) var encodings = 0
    /// Of the push in hand, by dialect; one that has no word for it has an empty one.
    private var messages: [[UInt8]?] = []
    /// Of the push in hand, by dialect and framing.
    private var frames: [SharedBytes?] = []

    /// `transport` finds a recipient's transport; a session that has just gone has none.
    mutating func send(
        _ push: Push, to recipients: [SessionKey], transport: (SessionKey) -> (any Transport)?
    ) {
        frames.removeAll(keepingCapacity: true)
        for recipient in recipients {
            guard let transport = transport(recipient) else { continue }
            guard let framing = transport.framing.place else {
                sendAlone(push, to: transport)
                continue
            }
            let place = transport.dialect.id.number * Framing.sharedCount + framing
            while frames.count <= place { frames.append(nil) }
            if let frame = frames[place] {
                transport.send(frame)
                continue
            }
            guard let message = message(push, for: transport.dialect) else { continue }
            let frame = transport.frame(message)
            frames[place] = frame
            transport.send(frame)
        }
        messages.removeAll(keepingCapacity: true)
    }

    private mutating func sendAlone(_ push: Push, to transport: any Transport) {
        guard let message = message(push, for: transport.dialect) else { return }
        transport.send(transport.frame(message))
    }

    private mutating func message(_ push: Push, for dialect: any Dialect) -> [UInt8]? {
        let place = dialect.id.number
        while messages.count <= place { messages.append(nil) }
        if let message = messages[place] { return message.isEmpty ? nil : message }
        let message = dialect.bytes(of: push)
        messages[place] = message ?? []
        if message != nil { encodings += 1 }
        return message
    }
}
