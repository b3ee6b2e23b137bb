package import Bytes

/// Frames as bytes. A server's frames have no mask, so they are the same for every connection: see
/// `PreparedFrame`.
package enum FrameWriter {
    /// Appends one frame. `maskKey` is for clients, who must choose it unpredictably (RFC 6455 §5.3). A
    /// control frame's payload has at most 125 bytes. `isCompressed`: the payload is a whole message's from
    /// `MessageDeflate`, or its beginning.
    package static func write(
        _ opcode: Opcode, _ payload: Span<UInt8>, isFinal: Bool = true, isCompressed: Bool = false,
        maskKey: UInt32? = nil, to output: inout ByteWriter
    ) {
        precondition(
            !opcode.isControl || (isFinal && payload.count <= 125), "a control frame is short and whole")
        let header = FrameHeader(
            opcode, isFinal: isFinal, isCompressed: isCompressed, payloadCount: payload.count,
            maskKey: maskKey)
        output.reserve(header.count + payload.count)
        writeHeader(header) { output.append($0) }
        guard let maskKey else { return output.append(payload) }
        var masked = [UInt8](payload)
        Masking.apply(maskKey, to: &masked, from: 0, position: 0)
        output.append(masked)
    }

    /// Appends a close frame (RFC 6455 §5.5.1). The reason is cut, between characters, to what fits.
    package static func writeClose(
        _ code: CloseCode, reason: String = "", maskKey: UInt32? = nil, to output: inout ByteWriter
    ) {
        precondition(code.mayTravel, "this close code is only for reports")
        var payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
        for scalar in reason.unicodeScalars {
            let encoded = UTF8.encode(scalar)!
            guard payload.count + encoded.count <= 125 else { break }
            payload.append(contentsOf: encoded)
        }
        write(.close, payload.span, maskKey: maskKey, to: &output)
    }

    /// Hands the header's bytes to `put`, one by one.
    static func writeHeader(_ header: FrameHeader, _ put: (UInt8) -> Void) {
        put((header.isFinal ? 0x80 : 0) | (header.isCompressed ? 0x40 : 0) | header.opcode.rawValue)
        let maskBit: UInt8 = header.maskKey == nil ? 0 : 0x80
        let count = UInt64(header.payloadCount)
        if count < 126 {
            put(maskBit | UInt8(count))
        } else {
            let bytes: UInt64 = count <= 0xFFFF ? 2 : 8
            put(maskBit | (bytes == 2 ? 126 : 127))
            for index in (0..<bytes).reversed() { put(UInt8(truncatingIfNeeded: count >> (8 * index))) }
        }
        guard let key = header.maskKey else { return }
        for index in 0..<4 { put(UInt8(truncatingIfNeeded: key >> UInt32(8 * index))) }
    }
}
