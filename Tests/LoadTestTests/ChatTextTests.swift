import Testing

@testable import LoadTest

@Suite("Made-up chat")
struct ChatTextTests {
    @Test("texts have their size, differ, and are the same in every run", arguments: [1, 5, 128, 2048])
    func sizes(_ size: Int) {
        let texts = ChatText.make(8, size: size)
        #expect(texts.allSatisfy { $0.count == size && $0.allSatisfy { (32...126).contains($0) } })
        #expect(Set(texts).count == 8)
        #expect(texts == ChatText.make(8, size: size))
    }
}
