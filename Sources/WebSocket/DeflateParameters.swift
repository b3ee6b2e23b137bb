/// What both ends of a connection have agreed on for `permessage-deflate` (RFC 7692 §7.1).
package struct DeflateParameters: Sendable, Hashable {
    /// Whether the server forgets everything after each message.
    package let serverForgets: Bool
    /// Whether the client does.
    package let clientForgets: Bool
    /// The server's window as a power of two, 9 to 15.
    package let serverWindowBits: Int
    /// The client's, 8 to 15.
    package let clientWindowBits: Int
    /// Whether the answer names the windows: where they are not 15 bits, or the offer had a number for them.
    private let namesServerWindow: Bool
    private let namesClientWindow: Bool

    /// The server's choice: of the offers, in the order of the client's preference, the first that can be
    /// taken; nil if none can.
    package init?(choosingFrom offers: [ExtensionOffer], by policy: DeflatePolicy) {
        for offer in offers {
            guard let offer = DeflateOffer(offer) else { continue }
            // zlib cannot keep to 8 bits without its own header: such an offer is declined.
            if let bits = offer.serverWindowBits, bits < 9 { continue }
            self.init(accepting: offer, by: policy)
            return
        }
        return nil
    }

    private init(accepting offer: DeflateOffer, by policy: DeflatePolicy) {
        serverForgets = offer.serverForgets || !policy.keepsContext
        clientForgets = offer.clientForgets || !policy.keepsContext
        serverWindowBits = min(offer.serverWindowBits ?? 15, policy.windowBits)
        namesServerWindow = offer.serverWindowBits != nil || serverWindowBits < 15
        (namesClientWindow, clientWindowBits) =
            switch offer.clientWindow {
            case .fixed: (false, 15)
            case .adjustable: (policy.windowBits < 15, policy.windowBits)
            case .atMost(let bits): (true, min(bits, policy.windowBits))
            }
    }

    /// The client's reading of the server's answer. Nil if it agrees to something that was not offered, or
    /// that this client cannot do; then the connection is failed (RFC 7692 §5.1).
    package init?(answer: ExtensionOffer, to offer: DeflateOffer) {
        guard let answer = DeflateOffer(answer) else { return nil }
        // §7.1.1.1, §7.1.2.1: what was asked of the server is binding.
        guard answer.serverForgets || !offer.serverForgets else { return nil }
        serverForgets = answer.serverForgets
        serverWindowBits = answer.serverWindowBits ?? 15
        namesServerWindow = answer.serverWindowBits != nil
        guard serverWindowBits <= offer.serverWindowBits ?? 15 else { return nil }
        clientForgets = answer.clientForgets
        switch (answer.clientWindow, offer.clientWindow) {
        case (.fixed, _): (namesClientWindow, clientWindowBits) = (false, 15)
        case (.atMost(let bits), .adjustable) where bits > 8:
            (namesClientWindow, clientWindowBits) = (true, bits)
        case (.atMost(let bits), .atMost(let most)) where bits > 8 && bits <= most:
            (namesClientWindow, clientWindowBits) = (true, bits)
        default: return nil
        }
    }

    /// The answer's member of `Sec-WebSocket-Extensions`: it names all that is not the default.
    package var text: String {
        var answer = DeflateOffer()
        answer.serverForgets = serverForgets
        answer.clientForgets = clientForgets
        if namesServerWindow { answer.serverWindowBits = serverWindowBits }
        if namesClientWindow { answer.clientWindow = .atMost(clientWindowBits) }
        return answer.text
    }
}
