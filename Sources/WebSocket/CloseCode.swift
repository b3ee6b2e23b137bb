/// Why a connection closes (RFC 6455 §7.4 and the IANA registry).
package struct CloseCode: RawRepresentable, Sendable, Hashable {
    /// The code as it travels, in network order.
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// What the connection was for is done.
    package static let normal = CloseCode(rawValue: 1000)
    /// The server goes down, or the page is left.
    package static let goingAway = CloseCode(rawValue: 1001)
    /// The peer broke a rule of the protocol.
    package static let protocolError = CloseCode(rawValue: 1002)
    /// A kind of message this end does not take, such as binary where text is spoken.
    package static let unacceptableData = CloseCode(rawValue: 1003)
    /// Only reported: the peer's close frame named no code.
    package static let noStatus = CloseCode(rawValue: 1005)
    /// Only reported: the connection ended without a close frame.
    package static let abnormal = CloseCode(rawValue: 1006)
    /// A message's content is not what its kind says: a text that is not UTF-8.
    package static let invalidPayload = CloseCode(rawValue: 1007)
    /// A rule of the receiver's own was broken.
    package static let policyViolation = CloseCode(rawValue: 1008)
    /// A message is larger than the receiver takes.
    package static let messageTooBig = CloseCode(rawValue: 1009)
    /// The server failed.
    /// The server starts anew: come back.
    /// The server is overloaded: come back later.

    /// Whether a close frame may carry it. RFC 6455 §7.4.1: 1004, 1005, 1006 and 1015 never travel; §7.4.2:
    /// below 3000 only what is registered does.
    package var mayTravel: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
