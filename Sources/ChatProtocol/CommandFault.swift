import JSON

/// What is wrong with a command or a request body: the field by its path, and what it should have been.
struct CommandFault: Error, Equatable {
    /// Which rule.
    var code: ErrorCode
    /// The field, as in `connect.rooms[3].since.offset`; empty where the object as a whole is meant.
    var path: String
    /// What to say of the field.
    var sentence: String

    init(_ code: ErrorCode = .badRequest, _ path: String = "", _ sentence: String) {
        self.code = code
        self.path = path
        self.sentence = sentence
    }

    /// What the scanner refused about a field.
    init(_ error: JSONError, _ path: String = "") {
        self.init(.badRequest, path, error.sentence)
    }

    /// The same fault, seen from the object that holds `field`.
    func inside(_ field: String) -> CommandFault {
        CommandFault(code, path.isEmpty ? field : "\(field).\(path)", sentence)
    }

    /// What the client is told.
    var reply: ErrorReply { ErrorReply(code, path.isEmpty ? sentence : "\(path): \(sentence)") }
}
