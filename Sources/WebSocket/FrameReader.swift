/// Frames out of chunks, without copying a payload: it tells which bytes of the chunk belong to which frame.
/// Any split of the bytes gives the same frames. It joins no fragments and unmasks nothing.
package struct FrameReader: Sendable {
    /// As much of one frame's payload as the chunk holds.
    package struct Piece: Sendable, Hashable {
        /// The frame's header.
        package let header: FrameHeader
        /// Where in the chunk these bytes of the payload lie; may be empty.
        package let range: Range<Int>
        /// How much of the payload came before.
        package let position: Int
        /// Whether the frame begins with this piece. Every frame has one such, even if no payload came with
        /// it.
        package let isFirst: Bool

        /// Whether the frame's payload is complete with this piece.
        package var isLast: Bool { position + range.count == header.payloadCount }
    }

    private let sender: FrameHeader.Sender
    private let deflate: Bool
    /// The bytes of a header that is not all there.
    private var partial = InlineArray<14, UInt8>(repeating: 0)
    private var partialCount = 0
    /// The frame whose payload is being read, and how much of that has been.
    private var current: FrameHeader?
    private var position = 0

    /// For the frames that `sender` sends; `deflate`: whether permessage-deflate is agreed on.
    package init(from sender: FrameHeader.Sender, deflate: Bool = false) {
        self.sender = sender
        self.deflate = deflate
    }

    /// Whether nothing of a frame waits for its rest.
    package var isBetweenFrames: Bool { current == nil && partialCount == 0 }

    /// The next piece of a frame in `chunk` from `offset` on, which moves behind it; nil at the chunk's end.
    /// After an error the reader must not be used again.
    package mutating func next(
        _ chunk: Span<UInt8>, at offset: inout Int
    ) throws(WebSocketError) -> Piece? {
        if let header = current {
            guard offset < chunk.count else { return nil }
            return piece(of: header, chunk, at: &offset, isFirst: false)
        }
        guard let header = try nextHeader(chunk, at: &offset) else { return nil }
        current = header
        position = 0
        return piece(of: header, chunk, at: &offset, isFirst: true)
    }

    private mutating func nextHeader(
        _ chunk: Span<UInt8>, at offset: inout Int
    ) throws(WebSocketError) -> FrameHeader? {
        if partialCount == 0,
            let header = try FrameHeader.read(chunk, at: offset, from: sender, deflate: deflate)
        {
            offset += header.count
            return header
        }
        // The header ends in a later chunk, or began in an earlier one: at most 14 bytes are gathered.
        while offset < chunk.count {
            partial[partialCount] = chunk[offset]
            partialCount += 1
            offset += 1
            if let header = try FrameHeader.read(
                partial.span.extracting(0..<partialCount), from: sender, deflate: deflate)
            {
                partialCount = 0
                return header
            }
        }
        return nil
    }

    private mutating func piece(
        of header: FrameHeader, _ chunk: Span<UInt8>, at offset: inout Int, isFirst: Bool
    ) -> Piece {
        let count = min(chunk.count - offset, header.payloadCount - position)
        let piece = Piece(
            header: header, range: offset..<(offset + count), position: position, isFirst: isFirst)
        offset += count
        position += count
        if position == header.payloadCount { current = nil }
        return piece
    }
}
