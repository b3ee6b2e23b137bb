import Foundation
import Testing

@testable import ChatProtocol

@Suite("protocol/errors.json")
struct ErrorCodeTests {
    struct Row: Codable, Equatable {
        var code: Int
        var name: String
        var http: Int
        var retry: Bool
        var sentence: String
    }

    @Test("the table and the code say the same, row by row")
    func agree() throws {
        let table = try JSONDecoder().decode([Row].self, from: ProtocolFolder.data("errors.json"))
        #expect(
            table
                == ErrorCode.allCases.map {
                    Row(
                        code: $0.rawValue, name: $0.name, http: $0.httpStatus, retry: $0.mayRetry,
                        sentence: $0.sentence)
                })
    }
}
