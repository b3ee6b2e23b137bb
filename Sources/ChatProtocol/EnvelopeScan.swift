import Bytes
import JSON

/// One object on its way to becoming an envelope.
struct EnvelopeScan {
    private let decoder: CommandDecoder
    /// The first thing that was wrong.
    private(set) var fault: CommandFault?
    private var id: CommandID?
    private var hasID = false
    private var command: Command?
    private var verb: JSONKey?
    private var foreign: JSONKey?

    init(limits: EnvelopeDecoder.Limits, fault: CommandFault? = nil) {
        decoder = CommandDecoder(limits: limits)
        self.fault = fault
    }

    /// What is said when the scanner refuses the name of one of the object's own fields.
    static func fault(ofName error: JSONError) -> CommandFault {
        CommandFault(.badRequest, "", "a field's name \(error.sentence)")
    }

    /// Reads all of the object, also behind a fault: it must be JSON, and the number may come last. Gives
    /// back what keeps it from being read on.
    mutating func read(_ line: Span<UInt8>, isTolerant: Bool) -> JSONError? {
        var json = JSONReader()
        json.isTolerant = isTolerant
        do {
            try json.beginObject(in: line)
            while let key = try json.nextKey(in: line) { try readField(key, &json, in: line) }
            try json.end(in: line)
        } catch {
            return error
        }
        return nil
    }

    /// What the object is, now that it was read.
    func line(of bytes: Span<UInt8>) -> EnvelopeDecoder.Line {
        if let fault { return .refused(id: id, fault.reply) }
        if let command { return .command(Envelope(id: id, command: command)) }
        guard let foreign else {
            return .refused(id: id, ErrorReply(.badRequest, "the object names no command"))
        }
        return .refused(
            id: id,
            ErrorReply(.unknownVerb, "this server knows no command \"\(Self.name(foreign, of: bytes))\""))
    }

    private mutating func readField(
        _ key: JSONKey, _ json: inout JSONReader, in line: Span<UInt8>
    ) throws(JSONError) {
        let beforeValue = json
        do {
            if key == "id" { try readID(&json, in: line) } else { try readVerb(key, &json, in: line) }
        } catch {
            fault = fault ?? error
            json = beforeValue
            _ = try json.skip(in: line)
        }
    }

    private mutating func readID(_ json: inout JSONReader, in line: Span<UInt8>) throws(CommandFault) {
        var fields = FieldReader(json: json)
        var number: CommandID?
        // A number that is not certain is none: the reply must not settle another command.
        id = nil
        try fields.refuse("id", twice: hasID)
        hasID = true
        try fields.read("id", into: &number, within: 0...Envelope.largestID, in: line)
        id = number
        json = fields.json
    }

    private mutating func readVerb(
        _ key: JSONKey, _ json: inout JSONReader, in line: Span<UInt8>
    ) throws(CommandFault) {
        let beforeValue = json
        let found: Command?
        do {
            found = try decoder.command(key, &json, in: line)
            if found == nil {
                var fields = FieldReader(json: beforeValue)
                try fields.skip(in: line)
                json = fields.json
            }
        } catch {
            verb = verb ?? key
            throw error.inside(Self.name(key, of: line))
        }
        guard let found else {
            foreign = foreign ?? key
            return
        }
        if let verb {
            let names = "\(Self.name(verb, of: line)) and \(Self.name(key, of: line))"
            throw CommandFault(.badRequest, "", "one object holds one command, not \(names)")
        }
        verb = key
        command = found
    }

    /// The name as it stands in the text, without its quotes, cut where it is long.
    private static func name(_ key: JSONKey, of line: Span<UInt8>) -> String {
        let content = (key.range.lowerBound + 1)..<(key.range.upperBound - 1)
        let shown = line.extracting(content.prefix(nameLimit))
        return String(decoding: [UInt8](shown), as: UTF8.self)
    }

    private static let nameLimit = 64
}
