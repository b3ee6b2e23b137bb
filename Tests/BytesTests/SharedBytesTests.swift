import Bytes
import Testing

@Suite("Shared bytes")
struct SharedBytesTests {
    struct Refused: Error {}

    @Test("they hold a copy of what they were made from")
    func copies() {
        var original: [UInt8] = [1, 2, 3]
        let shared = SharedBytes(original)
        let fromSpan = SharedBytes(original.span.extracting(1..<3))
        original[1] = 9
        #expect([UInt8](shared.span) == [1, 2, 3])
        #expect([UInt8](fromSpan.span) == [2, 3])
    }

    @Test("a fill may write less than the capacity, or nothing")
    func fills() {
        let shared = SharedBytes(capacity: 10) { output in
            output.append(7)
            output.append(8)
        }
        #expect(shared.count == 2)
        #expect([UInt8](shared.span) == [7, 8])
        #expect(SharedBytes(capacity: 0) { _ in }.count == 0)
        #expect([UInt8](SharedBytes([]).span) == [])
    }

    @Test("a fill that throws makes nothing")
    func throwsThrough() {
        #expect(throws: Refused.self) {
            _ = try SharedBytes(capacity: 4) { output throws(Refused) in
                output.append(1)
                throw Refused()
            }
        }
    }
}
