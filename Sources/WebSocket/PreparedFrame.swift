package import Bytes

/// A server's message, framed once and queued by reference on as many connections as there are to hear it
/// (RFC 6455 §5.1: a server's frames have no mask, so they do not differ). Confined to one loop.
package struct PreparedFrame {
    /// The whole frame, header and payload.
    package let bytes: SharedBytes

    /// A text message; `text` must be UTF-8.
    package init(text: Span<UInt8>) { self.init(.text, text) }

    /// A binary message.
    package init(binary: Span<UInt8>) { self.init(.binary, binary) }

    private init(_ opcode: Opcode, _ payload: Span<UInt8>) {
        let header = FrameHeader(opcode, payloadCount: payload.count)
        bytes = SharedBytes(capacity: header.count + payload.count) { output in
            FrameWriter.writeHeader(header) { output.append($0) }
            for index in payload.indices { output.append(payload[index]) }
        }
    }
}
