/// What a server sent, read as RFC 6455 §5 has it and not by our reader: whole frames without a mask, each of
/// the least length, control frames short, and nothing behind a close frame. Anything else is our fault.
struct ServerFrames {
    /// Data frames: opcode and payload.
    private(set) var messages: [(opcode: UInt8, payload: [UInt8])] = []
    private(set) var pings: [[UInt8]] = []
    private(set) var pongs: [[UInt8]] = []
    /// The payload of the close frame.
    private(set) var close: [UInt8]?

    /// Takes the output of a connection without extensions apart.
    init(_ output: [UInt8]) {
        var rest = output[...]
        while let first = rest.popFirst() {
            precondition(close == nil, "a frame follows the close frame")
            precondition(first & 0xF0 == 0x80, "a server's frame is whole, and no extension is spoken")
            let payload = Self.payload(of: &rest, isControl: first & 0x08 != 0)
            switch first & 0x0F {
            case 1:
                precondition(UTF8Oracle.isText(payload), "a text that is sent is UTF-8")
                messages.append((1, payload))
            case 2: messages.append((2, payload))
            case 8: close = payload
            case 9: pings.append(payload)
            case 10: pongs.append(payload)
            default: preconditionFailure("an opcode nobody sends")
            }
        }
        guard let close, !close.isEmpty else { return }
        precondition(close.count >= 2, "a close frame carries half a code")
        let code = Int(close[0]) << 8 | Int(close[1])
        precondition((1000...4999).contains(code) && ![1004, 1005, 1006, 1015].contains(code), "\(code)")
        precondition(UTF8Oracle.isText(Array(close[2...])), "a reason is UTF-8")
    }

    private static func payload(of rest: inout ArraySlice<UInt8>, isControl: Bool) -> [UInt8] {
        guard let short = rest.popFirst() else { preconditionFailure("half a header") }
        precondition(short < 126 || (short < 128 && !isControl), "a mask, or a control frame too long")
        var length = Int(short)
        if short >= 126 {
            let wide = rest.prefix(short == 126 ? 2 : 8)
            length = wide.reduce(0) { $0 << 8 | Int($1) }
            precondition(length > (short == 126 ? 125 : 65535), "a length longer than need be")
            rest = rest.dropFirst(wide.count)
        }
        precondition(rest.count >= length, "half a frame")
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
    }
}
