import Chat
import ChatProtocol

/// A line of `rooms` as an operator writes it: `support:*=join,publish`, or `support:*` for all verbs but
/// `moderate`.
package struct GrantDraft: Sendable, Equatable {
    /// The pattern.
    let match: String
    /// The verbs' names; nil for what a grant allows that says not what.
    let can: [String]?

    /// Reads the text; the verbs stand behind the last `=`. Throws a sentence that says what is wrong.
    package init(_ text: String) throws(TokenSetupError) {
        let pattern: Substring
        if let sign = text.lastIndex(of: "=") {
            pattern = text[..<sign]
            let names = text[sign...].dropFirst().split(separator: ",", omittingEmptySubsequences: false)
            for name in names where RoomVerbs(named: String(name)) == nil {
                throw TokenSetupError(
                    "\(text): there is no verb \(name.isEmpty ? "without a name" : String(name)); write "
                        + "PATTERN=VERB,VERB with verbs out of \(RoomVerbs.list).")
            }
            can = names.map(String.init)
        } else {
            pattern = text[...]
            can = nil
        }
        match = String(pattern)
        guard RoomPattern(match) != nil else {
            throw TokenSetupError(
                "\(text): a pattern has 1 to \(RoomPattern.longest) bytes, such as support:*.")
        }
        // A star may stand for a letter; what then is no room's name will never be one.
        let sample = match.utf8.map { $0 == UInt8(ascii: "*") ? UInt8(ascii: "x") : $0 }
        let room: RoomName
        do { room = try RoomName(sample) } catch {
            throw TokenSetupError("\(text): no room is called so, for \(error).")
        }
        guard !room.isReserved else {
            throw TokenSetupError("\(text): rooms that begin with $ are Parley's own; no token opens them.")
        }
    }
}
