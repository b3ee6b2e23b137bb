package import Bytes

/// A server's message, framed once and queued by reference on as many connections as there are to hear it
/// (RFC 6455 §5.1: a server's frames have no mask, so they do not differ). Confined to one loop.
package struct PreparedFrame {
    /// The whole frame, header and payload.
    package let bytes: SharedBytes

    /// A text message; `text` must be UTF-8.
    package init(text: Span<UInt8>) {
        let header = FrameHeader(.text, payloadCount: text.count)
        bytes = SharedBytes(capacity: header.count + text.count) { output in
            FrameWriter.writeHeader(header) { output.append($0) }
            for index in text.indices { output.append(text[index]) }
        }
    }
}
