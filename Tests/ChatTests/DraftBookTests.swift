import ChatProtocol
import Testing
import Time

@testable import Chat

@Suite("Drafts that the archive has not settled")
struct DraftBookTests {
    private var book = DraftBook()

    private func asker(_ number: RequestID) -> Asker { .request(number) }

    private mutating func add(_ body: String, at seconds: Int64) -> UInt64 {
        let token = book.nextToken()
        let draft = Draft(
            token: token, room: .lobby, user: "ann", name: nil, clientID: "c", body: Array(body.utf8))
        book.add(draft, .request(token), at: Instant(nanoseconds: seconds))
        return token
    }

    private func number(_ asker: Asker?) -> RequestID? {
        if case .request(let number)? = asker { number } else { nil }
    }

    @Test("drafts count until they are settled; a token is settled once")
    mutating func bytes() {
        let first = add("12", at: 0)
        let second = add("345", at: 0)
        #expect(first != second && book.bytes == 5 + 2 * 256 && book.count == 2)
        #expect(book.remove(first)?.draft.token == first)
        #expect(book.remove(first) == nil)
        #expect(book.bytes == 3 + 256 && book.count == 1 && !book.isEmpty)
        _ = book.remove(second)
        #expect(book.bytes == 0 && book.isEmpty && book.oldest() == nil)
    }

    @Test("whoever waits too long is given up, oldest first, and the draft stays")
    mutating func giveUp() {
        let tokens = (1...3).map { add("1", at: $0 * 10) }
        _ = book.remove(tokens[0])
        #expect(book.oldest() == Instant(nanoseconds: 20))
        #expect(book.giveUpOldest(since: Instant(nanoseconds: 19)) == nil)
        #expect(number(book.giveUpOldest(since: Instant(nanoseconds: 25))) == tokens[1])
        #expect(book.giveUpOldest(since: Instant(nanoseconds: 25)) == nil)
        #expect(book.oldest() == Instant(nanoseconds: 30))
        let late = book.remove(tokens[1])
        #expect(late != nil && late?.asker == nil)
        #expect(book.count == 1)
    }
}
