import HTTP1
import Random

/// What a REST call is called in the log and in its answer: the caller's own name for it, where he gave a
/// sane one.
struct CorrelationID: CustomStringConvertible {
    /// The field that carries it both ways.
    static let field = "X-Request-Id"

    let description: String

    init(of request: HTTPRequest) {
        let sent = request.fields.values(of: Self.field)
        if sent.count == 1, Self.isSane(sent[0]) {
            description = sent[0]
        } else {
            description = randomIdentifier(length: 12)
        }
    }

    /// 1 to 64 visible ASCII bytes: what can stand in a field, a log line and a shell.
    private static func isSane(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
