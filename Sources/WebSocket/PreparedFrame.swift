package import Bytes

/// A server's message, framed once and queued by reference on as many connections as there are to hear it
/// (RFC 6455 §5.1: a server's frames have no mask, so they do not differ). Confined to one loop.
package struct PreparedFrame {
    /// The whole frame, header and payload.
    package let bytes: SharedBytes

    /// A text message; `text` must be UTF-8.
    package init(text: Span<UInt8>) { self.init(payload: text, isCompressed: false) }

    /// A text message, compressed if `deflate` makes it smaller. It goes to connections with the same
    /// `sharedWindowBits`, or where there are none to this one.
    package init(text: Span<UInt8>, deflate: MessageDeflate) {
        if let payload = deflate.compressed(text) {
            self.init(payload: payload.span, isCompressed: true)
        } else {
            self.init(payload: text, isCompressed: false)
        }
    }

    private init(payload: Span<UInt8>, isCompressed: Bool) {
        let header = FrameHeader(.text, isCompressed: isCompressed, payloadCount: payload.count)
        bytes = SharedBytes(capacity: header.count + payload.count) { output in
            FrameWriter.writeHeader(header) { output.append($0) }
            for index in payload.indices { output.append(payload[index]) }
        }
    }
}
