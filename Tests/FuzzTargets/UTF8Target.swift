import WebSocket

extension FuzzTarget {
    /// The validator: agrees with the standard library on the whole, refuses at the first byte with which no
    /// text goes on, and agrees with itself however the text is split.
    package static let utf8 = FuzzTarget(name: "utf8") { input in
        let split = SplitInput(input)
        var validator = UTF8Validator()
        let refusedAt = validator.firstInvalid(in: split.bytes.span)
        let isText = refusedAt == nil && validator.isComplete
        precondition(isText == UTF8Oracle.isText(split.bytes), "the library disagrees")
        precondition(
            UTF8Oracle.beginsText(Array(split.bytes[..<(refusedAt ?? split.bytes.count)])),
            "the text could not go on earlier")
        if let refusedAt {
            precondition(!UTF8Oracle.beginsText(Array(split.bytes[...refusedAt])), "the text could go on")
        }
        for pieces in split.ways {
            var inPieces = UTF8Validator()
            var piecesRefusedAt: Int?
            for piece in pieces where piecesRefusedAt == nil {
                piecesRefusedAt = inPieces.firstInvalid(in: piece.span).map { $0 + piece.startIndex }
            }
            precondition(refusedAt == piecesRefusedAt, "the split changes where the text is refused")
            precondition(refusedAt != nil || validator == inPieces, "the split changes what is still needed")
        }
    }
}
