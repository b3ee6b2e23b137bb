/// A rule of RFC 6455 that the peer broke. The connection ends with `closeCode`.
package enum WebSocketError: String, Error, Sendable, CaseIterable {
    case reservedBitsSet
    case unknownOpcode
    case unmaskedFrame
    case maskedFrame
    case nonMinimalLength
    case impossibleLength
    case fragmentedControl
    case controlTooBig
    case unexpectedContinuation
    case interruptedMessage
    case truncatedClose
    case invalidCloseCode
    case invalidUTF8
    case messageTooBig
    case malformedCompression
    case messageTooSlow
    case tooManyControls
    case tooMuchInflated

    /// RFC 6455 §7.4.1.
    package var closeCode: CloseCode {
        switch self {
        case .invalidUTF8, .malformedCompression: .invalidPayload
        case .messageTooBig: .messageTooBig
        case .messageTooSlow, .tooManyControls, .tooMuchInflated: .policyViolation
        default: .protocolError
        }
    }

    /// What was wrong, short enough for a close frame's reason.
    package var sentence: String {
        switch self {
        case .reservedBitsSet: "A reserved bit is set that nothing agreed on has a use for here."
        case .unknownOpcode: "The opcode is a reserved one."
        case .unmaskedFrame: "A client's frame is not masked."
        case .maskedFrame: "A server's frame is masked."
        case .nonMinimalLength: "The length is not written in its shortest form."
        case .impossibleLength: "The length has its top bit set."
        case .fragmentedControl: "A control frame is fragmented."
        case .controlTooBig: "A control frame carries more than 125 bytes."
        case .unexpectedContinuation: "A continuation continues no message."
        case .interruptedMessage: "A new message begins before the last one ended."
        case .truncatedClose: "A close frame carries half a code."
        case .invalidCloseCode: "The close code may not be sent."
        case .invalidUTF8: "A text is not UTF-8."
        case .messageTooBig: "The message is too big."
        case .malformedCompression: "A compressed message cannot be inflated."
        case .messageTooSlow: "The message took too long from its first byte to its last."
        case .tooMuchInflated: "Too many large messages came out of few compressed bytes in a short time."
        case .tooManyControls: "Too many control frames and tiny fragments in a short time."
        }
    }
}
