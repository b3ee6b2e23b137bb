/// What a frame is (RFC 6455 §5.2). The other ten values are reserved, and a frame that bears one is refused.
package enum Opcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// RFC 6455 §5.5: close, ping and pong may stand between the fragments of a message.
    package var isControl: Bool { rawValue & 0x8 != 0 }
}

/// What a message is: text is UTF-8, checked; binary is anything.
package enum MessageKind: UInt8, Sendable {
    case text = 0x1
    case binary = 0x2

    /// The opcode of the message's first frame.
    package var opcode: Opcode { self == .text ? .text : .binary }
}
