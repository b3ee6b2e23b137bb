import Bytes
import Chat
import ChatProtocol

/// Hands one push to many transports: encoded once per dialect and framing, queued by reference.
///
/// It does not know which dialects there are; `FanoutTests` serve a second one.
struct Fanout {
    /// Encodings made so far, for the tests and the curious.
    private(set) var encodings = 0
    private var frames: [SharedBytes?] = []

    /// `transport` finds a recipient's transport; a session that has just gone has none.
    mutating func send(
        _ push: Push, to recipients: [SessionKey], transport: (SessionKey) -> (any Transport)?
    ) {
        frames.removeAll(keepingCapacity: true)
        for recipient in recipients {
            guard let transport = transport(recipient) else { continue }
            let place = transport.dialect.id.number * Framing.allCases.count + transport.framing.rawValue
            while frames.count <= place { frames.append(nil) }
            if let frame = frames[place] {
                transport.send(frame)
                continue
            }
            guard let message = transport.dialect.bytes(of: push) else { continue }
            encodings += 1
            let frame = transport.frame(message)
            frames[place] = frame
            transport.send(frame)
        }
    }
}
