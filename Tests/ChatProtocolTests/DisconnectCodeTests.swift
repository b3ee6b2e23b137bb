import Foundation
import Testing

@testable import ChatProtocol

@Suite("protocol/disconnects.json")
struct DisconnectCodeTests {
    struct Row: Codable, Equatable {
        var code: Int
        var name: String
        var reconnect: Bool
        var sentence: String
    }

    @Test("the table and the code say the same, row by row")
    func agree() throws {
        let table = try JSONDecoder().decode([Row].self, from: ProtocolFolder.data("disconnects.json"))
        #expect(
            table
                == DisconnectCode.allCases.map {
                    Row(code: $0.rawValue, name: $0.name, reconnect: $0.mayReconnect, sentence: $0.sentence)
                })
    }

    @Test("every code is one that RFC 6455 §7.4.2 leaves to applications")
    func isPrivate() {
        for code in DisconnectCode.allCases { #expect((4000...4999).contains(code.rawValue)) }
    }
}
