import JSON
import Testing

@testable import ChatProtocol

@Suite("Faults that name their field")
struct CommandFaultTests {
    @Test("a path grows from the inside out")
    func growsPath() {
        let fault = CommandFault(.badRequest, "offset", "is missing").inside("since").inside("rooms[3]")
            .inside("connect")
        #expect(fault.reply == ErrorReply(.badRequest, "connect.rooms[3].since.offset: is missing"))
    }

    @Test("a fault of the whole object takes the name of the field that holds it, and none at the top")
    func namesHolder() {
        let fault = CommandFault(JSONError(.expected(.object), at: 9))
        #expect(fault.inside("join").reply.message == "join: must be an object")
        #expect(fault.reply.message == "must be an object")
    }
}
