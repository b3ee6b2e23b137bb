import WebSocket

extension FuzzTarget {
    /// A WebSocket connection: the same events and answers whatever the split, every text is UTF-8, no
    /// message is over the limit, and nothing follows the end.
    package static let frames = FuzzTarget(name: "frames") { input in
        let split = SplitInput(input)
        let limit = 512
        let (whole, wholeOutput) = play([split.bytes[...]], limit: limit)
        let (pieces, piecesOutput) = play(split.pieces, limit: limit)
        precondition(whole == pieces, "the split changes the events")
        // With many pings in one piece only some are answered, so the answers are compared when there were
        // few.
        let pings = whole.count { if case .ping = $0 { true } else { false } }
        precondition(pings > 16 || wholeOutput == piecesOutput, "the split changes the answers")
        for (index, event) in whole.enumerated() {
            switch event {
            case .message(let kind, let bytes):
                precondition(bytes.count <= limit, "a message is over the limit")
                precondition(kind == .binary || String(validating: bytes, as: UTF8.self) != nil, "no UTF-8")
            case .ping(let bytes), .pong(let bytes):
                precondition(bytes.count <= 125, "a control frame is too big")
            case .closed, .failed:
                precondition(index == whole.count - 1, "an event follows the last")
            }
        }
    }

    private static func play(
        _ pieces: [ArraySlice<UInt8>], limit: Int
    ) -> ([WebSocketConnection.Event], [UInt8]) {
        var connection = WebSocketConnection(messageBytes: limit)
        var events: [WebSocketConnection.Event] = []
        var output: [UInt8] = []
        for piece in pieces {
            connection.receive(piece.span)
            while let event = connection.nextEvent() { events.append(event) }
            output += connection.takeOutput()
        }
        return (events, output)
    }
}
