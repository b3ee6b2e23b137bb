/// One piece of a reply. An array is told before its elements; a text comes beside the token.
package struct RedisToken: Equatable {
    /// What RESP2 knows.
    package enum Kind { case string, status, error, integer, null, array }

    /// What it is.
    package var kind: Kind
    /// An integer's value, an array's number of elements.
    package var number: Int64 = 0
    /// In how many arrays it lies; 0 for a reply of its own.
    package var depth = 0
    /// Its place in the innermost of them.
    package var index = 0
}

/// Is handed replies piece by piece, as they come.
package protocol RedisTokenHandler: AnyObject {
    /// A piece came. `text` lies in the reader's buffer and is gone after the call.
    func received(_ token: RedisToken, _ text: Span<UInt8>)
    /// A whole reply came; false to be handed nothing more of what was fed.
    func replyEnded() -> Bool
}
