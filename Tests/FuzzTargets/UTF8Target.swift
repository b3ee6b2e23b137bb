import WebSocket

extension FuzzTarget {
    /// The validator: agrees with the standard library on the whole, and with itself however the text is
    /// split.
    package static let utf8 = FuzzTarget(name: "utf8") { input in
        let split = SplitInput(input)
        var validator = UTF8Validator()
        let refusedAt = validator.firstInvalid(in: split.bytes.span)
        let isText = refusedAt == nil && validator.isComplete
        precondition(
            isText == (String(validating: split.bytes, as: UTF8.self) != nil), "the library disagrees")

        var inPieces = UTF8Validator()
        var piecesRefusedAt: Int?
        for piece in split.pieces where piecesRefusedAt == nil {
            piecesRefusedAt = inPieces.firstInvalid(in: piece.span).map { $0 + piece.startIndex }
        }
        precondition(refusedAt == piecesRefusedAt, "the split changes where the text is refused")
        precondition(refusedAt != nil || validator == inPieces, "the split changes what is still needed")
    }
}
