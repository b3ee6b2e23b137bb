import JSON
import Testing

@testable import ChatProtocol

@Suite("Fields of one object")
struct FieldReaderTests {
    private func fault(
        _ json: String, _ read: (inout FieldReader, Span<UInt8>) throws(CommandFault) -> Void
    ) -> CommandFault? {
        var fields = FieldReader(json: JSONReader())
        do {
            try read(&fields, Array(json.utf8).span)
            return nil
        } catch {
            return error
        }
    }

    @Test("a field that has a value already is refused, whatever comes")
    func refusesTwice() {
        var room = try? RoomName("a")
        #expect(
            fault(#""b""#) { (fields, bytes) throws(CommandFault) in
                try fields.read("room", into: &room, in: bytes)
            }
                == CommandFault(.badRequest, "room", "is given twice"))
        #expect(room?.description == "a")
    }

    @Test("an integer that is none says its range; broken JSON says what broke")
    func readsIntegers() {
        var limit: Int64?
        for text in ["1.0", "0", "11", "null", "\"1\"", "99999999999999999999"] {
            limit = nil
            #expect(
                fault(text) { (fields, bytes) throws(CommandFault) in
                    try fields.read("limit", into: &limit, within: 1...10, in: bytes)
                } == CommandFault(.badRequest, "limit", "must be an integer from 1 to 10"))
        }
        #expect(
            fault("-") { (fields, bytes) throws(CommandFault) in
                try fields.read("limit", into: &limit, within: 1...10, in: bytes)
            } == CommandFault(.badRequest, "limit", "ends too early"))
    }

    @Test("a body's limit counts its own bytes, without the spaces around it")
    func limitsBodies() {
        var body: [UInt8]?
        #expect(
            fault("  [1, 2]  ") { (fields, bytes) throws(CommandFault) in
                try fields.readRaw("body", into: &body, byteLimit: 6, in: bytes)
            } == nil)
        #expect(body == Array("[1, 2]".utf8))
        body = nil
        #expect(
            fault("[1, 2]") { (fields, bytes) throws(CommandFault) in
                try fields.readRaw("body", into: &body, byteLimit: 5, in: bytes)
            } == CommandFault(.tooLarge, "body", "has 6 bytes; this server takes 5"))
    }

    @Test("a line counts bytes, not characters")
    func limitsLines() {
        var name: String?
        #expect(
            fault("\"éé\"") { (fields, bytes) throws(CommandFault) in
                try fields.readLine("name", into: &name, byteLimit: 3, in: bytes)
            } == CommandFault(.badRequest, "name", "has at most 3 bytes"))
    }
}
