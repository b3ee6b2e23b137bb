/// What a client offers with `permessage-deflate` (RFC 7692 §7.1).
package struct DeflateOffer: Sendable, Hashable {
    /// What a client says of its own window.
    package enum ClientWindow: Sendable, Hashable {
        /// Nothing: the server may not limit it.
        case fixed
        /// The server may limit it.
        case adjustable
        /// The client keeps to so many bits, 8 to 15, and the server may ask for fewer.
        case atMost(Int)
    }

    /// The extension's name.
    package static let name = "permessage-deflate"

    /// §7.1.1.1: the server is asked to forget everything after each message.
    package var serverForgets = false
    /// §7.1.1.2: the client would forget everything after each of its own messages.
    package var clientForgets = false
    /// §7.1.2.1: the server is asked for at most so many window bits, 8 to 15; nil: for any.
    package var serverWindowBits: Int?
    /// §7.1.2.2.
    package var clientWindow = ClientWindow.fixed

    /// The offer without parameters.
    package init() {}

    /// Reads an offer. Nil if it is of another extension, or one that §7.1 wants declined: with a parameter
    /// that is unknown, stands there twice or has a wrong value.
    package init?(_ offer: ExtensionOffer) {
        guard offer.name == Self.name else { return nil }
        let names = offer.parameters.map(\.name)
        guard Set(names).count == names.count else { return nil }
        for parameter in offer.parameters {
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil): serverForgets = true
            case ("client_no_context_takeover", nil): clientForgets = true
            case ("server_max_window_bits", let value?):
                guard let bits = Self.windowBits(value) else { return nil }
                serverWindowBits = bits
            case ("client_max_window_bits", let value):
                clientWindow = .adjustable
                guard let value else { continue }
                guard let bits = Self.windowBits(value) else { return nil }
                clientWindow = .atMost(bits)
            default: return nil
            }
        }
    }

    /// The member of `Sec-WebSocket-Extensions` that makes this offer.
    package var text: String {
        var text = Self.name
        if serverForgets { text += "; server_no_context_takeover" }
        if clientForgets { text += "; client_no_context_takeover" }
        if let serverWindowBits { text += "; server_max_window_bits=\(serverWindowBits)" }
        switch clientWindow {
        case .fixed: break
        case .adjustable: text += "; client_max_window_bits"
        case .atMost(let bits): text += "; client_max_window_bits=\(bits)"
        }
        return text
    }

    /// §7.1.2: 8 to 15 in decimal, without a leading zero.
    private static func windowBits(_ value: String) -> Int? {
        (8...15).first { String($0) == value }
    }
}
