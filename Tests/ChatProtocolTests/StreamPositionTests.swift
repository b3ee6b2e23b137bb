import Testing

@testable import ChatProtocol

@Suite("Positions in a room's stream")
struct StreamPositionTests {
    @Test("an epoch is generation and room in base 36, and never longer than 16 bytes")
    func epochs() throws {
        #expect(Epoch(generation: ArchiveGeneration(number: 1), room: 35).description == "1-z")
        #expect(Epoch(generation: ArchiveGeneration(number: 36), room: 1).description == "10-1")
        let largest = ArchiveGeneration(number: 78_364_164_095)
        let longest = Epoch(generation: largest, room: largest.number)
        #expect(longest.description == "zzzzzzz-zzzzzzz")
        #expect(try Epoch(longest.description) == longest)
    }

    @Test("what a client presents as an epoch is 1 to 16 visible ASCII characters, whatever they mean")
    func presented() throws {
        for text in ["x", "!~", "1-1", String(repeating: "z", count: 16)] {
            #expect(try Epoch(text).description == text)
        }
        for text in ["", String(repeating: "z", count: 17), "1 1", "é", "1\n"] {
            #expect(throws: IdentifierError.self) { _ = try Epoch(text) }
        }
    }

    @Test("generation and room come out of an epoch again")
    func parts() throws {
        let parts = Epoch(generation: ArchiveGeneration(number: 40), room: 7).parts
        #expect(parts?.generation.number == 40 && parts?.room == 7)
        #expect(try Epoch("14-7").parts?.generation.number == 40)
    }

    @Test(
        "what no archive of ours wrote has no parts, though it may look like numbers",
        arguments: [
            "1", "1-", "-1", "1-1-1", "-", "x_y", "01-1", "1-01", "+1-1", "1-+1", "1-Z",
            "1--1", "zzzzzzzzzzzzzz-1",
        ])
    func strangers(_ text: String) throws { #expect(try Epoch(text).parts == nil) }

    @Test("later generations are larger, and the largest offset is what JSON carries exactly")
    func order() {
        #expect(ArchiveGeneration(number: 9) < ArchiveGeneration(number: 10))
        #expect(StreamPosition.largestOffset == Int64(Double(StreamPosition.largestOffset)))
        #expect(StreamPosition.largestOffset == 9_007_199_254_740_991)
    }
}
