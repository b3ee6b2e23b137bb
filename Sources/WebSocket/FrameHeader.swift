/// What stands before a frame's payload (RFC 6455 §5.2), checked as far as one frame alone can be.
package struct FrameHeader: Sendable, Hashable {
    /// Who sends the frames: clients must mask theirs, servers must not (RFC 6455 §5.1).
    package enum Sender: Sendable { case client, server }

    /// The most bytes a header has.
    package static let maximumCount = 14

    /// How many bytes follow the header.
    package let payloadCount: Int
    /// The four bytes of the masking key, the first one lowest; nil in a server's frame.
    package let maskKey: UInt32?
    /// What the frame is (RFC 6455 §11.8).
    package let opcode: Opcode
    /// Whether the message ends with this frame.
    package let isFinal: Bool
    /// Whether the message that begins here is compressed: RSV1 (RFC 7692 §6).
    package let isCompressed: Bool

    /// A header from its parts, for a frame to be sent.
    package init(
        _ opcode: Opcode, isFinal: Bool = true, isCompressed: Bool = false, payloadCount: Int,
        maskKey: UInt32? = nil
    ) {
        self.opcode = opcode
        self.isFinal = isFinal
        self.isCompressed = isCompressed
        self.payloadCount = payloadCount
        self.maskKey = maskKey
    }

    /// How many bytes the header itself takes.
    package var count: Int {
        let extra = payloadCount < 126 ? 0 : payloadCount <= 0xFFFF ? 2 : 8
        return 2 + extra + (maskKey == nil ? 0 : 4)
    }

    /// Whether it is more work than its payload says: a ping or pong, or a fragment below 16 bytes. A whole
    /// message is not, however short; neither is the one close frame.
    var isSmall: Bool {
        switch opcode {
        case .ping, .pong: true
        case .close: false
        case .continuation: payloadCount < 16
        case .text, .binary: !isFinal && payloadCount < 16
        }
    }

    /// Reads the header that begins at `start`; nil when it is not all there yet. What is wrong with it is
    /// thrown as soon as the bytes that say so are there. `deflate`: whether permessage-deflate is agreed on.
    package static func read(
        _ bytes: Span<UInt8>, at start: Int = 0, from sender: Sender, deflate: Bool = false
    ) throws(WebSocketError) -> FrameHeader? {
        let available = bytes.count - start
        guard available >= 2 else { return nil }
        let (first, second) = (bytes[start], bytes[start + 1])
        let isCompressed = first & 0x40 != 0
        // RFC 7692 §6.1: the bit stands on the first frame of a data message, and nowhere else.
        guard first & 0x30 == 0, !isCompressed || (deflate && MessageKind(rawValue: first & 0x0F) != nil)
        else { throw .reservedBitsSet }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .unknownOpcode }
        let isFinal = first & 0x80 != 0
        let isMasked = second & 0x80 != 0
        guard isMasked == (sender == .client) else { throw isMasked ? .maskedFrame : .unmaskedFrame }
        let short = Int(second & 0x7F)
        if opcode.isControl {
            // RFC 6455 §5.5: control frames carry at most 125 bytes and are never fragmented.
            guard isFinal else { throw .fragmentedControl }
            guard short < 126 else { throw .controlTooBig }
        }
        let keyStart = short < 126 ? 2 : short == 126 ? 4 : 10
        guard available >= keyStart else { return nil }
        let length = try payloadCount(short, bytes, at: start + 2)
        guard isMasked else {
            return FrameHeader(opcode, isFinal: isFinal, isCompressed: isCompressed, payloadCount: length)
        }
        guard available >= keyStart + 4 else { return nil }
        var key: UInt32 = 0
        for index in 0..<4 { key |= UInt32(bytes[start + keyStart + index]) << UInt32(8 * index) }
        return FrameHeader(
            opcode, isFinal: isFinal, isCompressed: isCompressed, payloadCount: length, maskKey: key)
    }

    /// RFC 6455 §5.2: 16 or 64 bits in network order where seven do not do, and always the fewest bytes.
    private static func payloadCount(
        _ short: Int, _ bytes: Span<UInt8>, at start: Int
    ) throws(WebSocketError) -> Int {
        guard short >= 126 else { return short }
        var length: UInt64 = 0
        for index in 0..<(short == 126 ? 2 : 8) { length = length << 8 | UInt64(bytes[start + index]) }
        guard length >> 63 == 0 else { throw .impossibleLength }
        guard length >= (short == 126 ? 126 : 0x10000) else { throw .nonMinimalLength }
        return Int(length)
    }
}
