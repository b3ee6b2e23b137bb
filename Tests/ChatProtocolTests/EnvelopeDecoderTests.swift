import Testing

@testable import ChatProtocol

@Suite("chat.md: frames and commands")
struct EnvelopeDecoderTests {
    static let limits = EnvelopeDecoder.Limits(bodyBytes: 256, rooms: 4)

    private func decode(_ bytes: [UInt8]) -> [EnvelopeDecoder.Line] {
        var decoder = EnvelopeDecoder(limits: Self.limits)
        var lines: [EnvelopeDecoder.Line] = []
        while let line = decoder.next(in: bytes.span) { lines.append(line) }
        return lines
    }

    @Test("every frame of the vectors is understood as they say", arguments: EnvelopeVectors.all.commands)
    func playsVectors(_ vector: CommandVector) {
        let lines = decode(vector.bytes)
        #expect(lines.count == vector.lines.count)
        for (line, expected) in zip(lines, vector.lines) {
            switch line {
            case .command(let envelope):
                #expect(expected.command == CommandDescription(envelope.command))
                #expect(expected.id == envelope.id)
            case .refused(let id, let error):
                #expect(expected.error == error.code.name)
                #expect(expected.id == id)
                if let path = expected.path, !path.isEmpty {
                    #expect(error.message.hasPrefix(path + ": "))
                } else {
                    #expect(!error.message.contains(": "))
                }
            case .broken(let frame):
                #expect(expected.broken == frame.offset)
                #expect(
                    frame.sentence.hasSuffix("at byte \(frame.offset)") || frame.sentence.contains("is none"))
            }
        }
    }

    @Test("sentences say what to write instead")
    func saysWhatToWrite() {
        func message(_ text: String) -> String? {
            switch decode(Array(text.utf8)).first {
            case .refused(_, let error): error.message
            case .broken(let frame): frame.sentence
            default: nil
            }
        }
        #expect(
            message(#"{"join":{"room":"a","since":{"epoch":"1-1","offset":1.5}}}"#)
                == "join.since.offset: must be an integer from 0 to 9007199254740991")
        #expect(message(#"{"join":{"room":5}}"#) == "join.room: must be a string")
        #expect(message(#"{"join":{}}"#) == "join.room: is missing")
        #expect(message(#"{"join":[]}"#) == "join: must be an object")
        #expect(message(#"{"ping":{},"pong":{}}"#) == "one object holds one command, not ping and pong")
        #expect(message(#"{"id":1}"#) == "the object names no command")
        #expect(message(#"{"shout":1}"#) == #"this server knows no command "shout""#)
        #expect(
            message(#"{"publish":{"room":"a","body":"\u0000"}}"#)
                == "publish.body: holds U+0000, which cannot be stored")
        #expect(message(#"{"\u0000":1}"#) == "a field's name holds U+0000, which cannot be stored")
        #expect(message("[]") == "every line of a frame must be a JSON object; at byte 0 it is none")
        #expect(message("{\"a\":}") == "a line of the frame is not JSON: it has an unexpected '}', at byte 5")
    }

    @Test("an unknown verb's name is told, cut where it is long, so that an answer stays small")
    func cutsNames() {
        guard
            case .refused(_, let error)? = decode(Array("{\"\(String(repeating: "é", count: 999))\":1}".utf8))
                .first
        else {
            Issue.record("not refused")
            return
        }
        #expect(error.message.utf8.count < 120)
    }

    @Test("a frame cut anywhere is broken, never a command of something else")
    func cutsAnywhere() {
        for vector in EnvelopeVectors.all.commands where vector.lines.count == 1 {
            guard vector.lines[0].command != nil else { continue }
            let bytes = vector.bytes
            let end = (bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0)
            for cut in 1..<end where bytes[..<cut].contains(UInt8(ascii: "{")) {
                guard case .broken? = decode(Array(bytes[..<cut])).first else {
                    Issue.record("\(vector.name) cut at \(cut)")
                    return
                }
            }
        }
    }
}
