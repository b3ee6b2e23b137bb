import ChatProtocol

/// Something that a client said, and wants acknowledged: sent again under the same id until it is.
final class ClientDraft {
    /// How many drafts its client made before.
    let number: Int
    let publish: Publish
    /// The position of the first acknowledgement.
    private(set) var position: StreamPosition?
    private var isStoredAnew = false
    /// A planted change of the history took the publication away again.
    var isVoid = false

    init(number: Int, publish: Publish) {
        self.number = number
        self.publish = publish
    }

    var isSettled: Bool { position != nil }

    /// The same id with another body.
    var forged: Publish {
        var forged = publish
        forged.body = Array(#"{"forged":true}"#.utf8)
        return forged
    }

    /// Takes an acknowledgement; says what is wrong with it. Retries answer with the first position, and at
    /// most one answer is no repeat.
    func acknowledged(_ published: Published, isStillThere: (StreamPosition) -> Bool) -> String? {
        guard let told = published.position else { return "an acknowledgement without a position" }
        defer {
            position = told
            isStoredAnew = isStoredAnew || !published.isRepeat
        }
        guard let position, isStillThere(position) else {
            isStoredAnew = false
            return nil
        }
        guard told == position else { return "I7: \(publish) was at \(position), and now at \(told)" }
        return isStoredAnew && !published.isRepeat ? "\(publish) was stored anew twice" : nil
    }
}
