import Bytes
import Compression
import HTTP1
import WebSocket

extension FuzzTarget {
    /// Compressed WebSocket frames: the same events whatever the split, no message over the limit, every text
    /// UTF-8; and what is compressed inflates to what it was.
    package static let deflate = FuzzTarget(name: "deflate") { input in
        let split = SplitInput(input)
        // The second byte also says how the bytes are framed, and whether context is kept.
        let choice = input.count > 1 ? input[1] : 0
        let keepsContext = choice & 1 != 0
        let limit = 2_048
        let input = choice & 2 != 0 ? SplitInput(framing: split.bytes, as: choice) : split
        let whole = play([input.bytes[...]], limit: limit, keepsContext: keepsContext)
        for pieces in input.ways {
            let inPieces = play(pieces, limit: limit, keepsContext: keepsContext)
            precondition(whole == inPieces, "the split changes the events")
        }
        for event in whole {
            guard case .message(let kind, let bytes) = event else { continue }
            precondition(bytes.count <= limit, "a message is over the limit")
            precondition(kind == .binary || String(validating: bytes, as: UTF8.self) != nil, "no UTF-8")
        }
        // Nothing, flushed a second time, is nothing at all: no frame is ever made of it.
        if !split.bytes.isEmpty { goRound(split.bytes, choice) }
    }

    private static func play(
        _ pieces: [ArraySlice<UInt8>], limit: Int, keepsContext: Bool
    ) -> [WebSocketConnection.Event] {
        let deflate = MessageDeflate(
            parameters(keepsContext: keepsContext), as: .server, from: DeflatePool(DeflatePolicy()))
        var connection = WebSocketConnection(messageBytes: limit, deflate: deflate)
        var events: [WebSocketConnection.Event] = []
        for piece in pieces {
            connection.receive(piece.span)
            while let event = connection.nextEvent() { events.append(event) }
        }
        return events
    }

    private static func parameters(keepsContext: Bool) -> DeflateParameters {
        var policy = DeflatePolicy()
        policy.keepsContext = keepsContext
        let fields: HTTPFields = ["Sec-WebSocket-Extensions": "permessage-deflate"]
        guard let offers = ExtensionOffer.list(in: fields),
            let parameters = DeflateParameters(choosingFrom: offers, by: policy)
        else { preconditionFailure("the plain offer is always taken") }
        return parameters
    }

    /// Twice, so that the second may refer to the first.
    private static func goRound(_ bytes: [UInt8], _ choice: UInt8) {
        let bits = 9 + Int(choice >> 2) % 7
        let deflater = Deflater(windowBits: bits, level: 1 + Int(choice) % 9, memoryLevel: 8)
        let inflater = Inflater(windowBits: bits)
        for _ in 0..<2 {
            guard let packed = deflater.flushed(bytes.span, below: 2 * bytes.count + 64) else {
                preconditionFailure("nothing doubles")
            }
            guard let inflated = try? inflated(packed.span, by: inflater, limit: bytes.count) else {
                preconditionFailure("what was deflated does not inflate")
            }
            precondition(inflated == bytes && inflater.isBetweenBlocks, "the round trip changes the bytes")
        }
    }

    private static func inflated(
        _ packed: Span<UInt8>, by inflater: Inflater, limit: Int
    ) throws(InflateError) -> [UInt8] {
        var inflated: [UInt8] = []
        var offset = 0
        while try inflater.step(packed, at: &offset, into: &inflated, limit: limit) == .stepped {}
        return inflated
    }
}

extension SplitInput {
    /// The bytes as the payload of one compressed message, so that the fuzzer need not find frames and masks
    /// first.
    init(framing payload: [UInt8], as choice: UInt8) {
        var output = ByteWriter()
        FrameWriter.write(
            choice & 4 != 0 ? .text : .binary, payload.span, isCompressed: true, maskKey: 0, to: &output)
        self.init([choice, choice] + output.finish())
    }
}
