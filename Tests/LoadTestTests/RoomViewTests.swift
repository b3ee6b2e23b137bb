import JSON
import Testing

@testable import LoadTest

@Suite("A client's position (chat.md §8)")
struct RoomViewTests {
    private func answer(_ json: String) throws -> RoomAnswer {
        let bytes = Array(json.utf8)
        var reader = JSONReader()
        return try RoomAnswer(&reader, in: bytes.span)
    }

    private func publication(_ offset: Int64, epoch: String? = nil) throws -> Heard {
        let bytes = Array(Self.publication(offset, epoch: epoch).utf8)
        var reader = JSONReader()
        return try Heard(&reader, in: bytes.span)
    }

    private static func publication(_ offset: Int64, epoch: String? = nil) -> String {
        let more = epoch.map { #","epoch":"\#($0)""# } ?? ""
        return
            #"{"offset":\#(offset),"time":1,"user":"u","clientId":"c-\#(offset)","body":\#(offset)\#(more)}"#
    }

    /// A view that is live at an offset.
    private func view(at head: Int64) throws -> RoomView {
        var view = RoomView()
        let pages = head == 0 ? "" : (1...head).map { Self.publication($0) }.joined(separator: ",")
        let step = view.joined(
            try answer(#"{"epoch":"e","head":\#(head),"recovered":true,"publications":[\#(pages)]}"#))
        #expect(step == .wait)
        return view
    }

    @Test("pages are joined until one has no `more`; then pushes follow")
    func pages() throws {
        var view = RoomView()
        #expect(view.since == .start)
        let first =
            #"{"epoch":"e","head":3,"recovered":true,"more":true,"publications":[\#(Self.publication(1))]}"#
        #expect(view.joined(try answer(first)) == .join)
        #expect(view.since == Position(epoch: "e", offset: 1))
        #expect(!view.isLive)
        let empty = #"{"epoch":"e","head":3,"recovered":true,"more":true,"publications":[]}"#
        #expect(view.joined(try answer(empty)) == .join)
        #expect(view.since == Position(epoch: "e", offset: 1))
        let rest = [2, 3].map { Self.publication($0) }.joined(separator: ",")
        let last = #"{"epoch":"e","head":3,"recovered":true,"publications":[\#(rest)]}"#
        #expect(view.joined(try answer(last)) == .wait)
        #expect(view.isLive)
        #expect(view.heard(try publication(4)) == .wait)
        #expect(view.entries.map(\.offset) == [1, 2, 3, 4])
        #expect(view.offset == 4)
        #expect(view.faults == [])
    }

    @Test("who asks for nothing of the past begins behind the head")
    func fromNow() throws {
        var view = RoomView(fromNow: true)
        #expect(view.since == nil)
        _ = view.joined(try answer(#"{"epoch":"e","head":7,"recovered":true,"publications":[]}"#))
        #expect(view.firstPosition == 7)
        #expect(view.heard(try publication(8)) == .wait)
        #expect(view.entries.map(\.offset) == [8])
        view.disconnected()
        #expect(view.since == Position(epoch: "e", offset: 8))
        #expect(view.firstPosition == 7)
    }

    @Test("a push that was seen is a fault and ignored; one that leaps is a fault and answered by a join")
    func strays() throws {
        var view = try view(at: 2)
        #expect(view.heard(try publication(2)) == .wait)
        #expect(view.faults.map(\.kind) == [.repeated])
        #expect(view.heard(try publication(4)) == .join)
        #expect(view.faults.map(\.kind) == [.repeated, .jumped])
        // On its way before the join arrived: no further fault.
        #expect(view.heard(try publication(5)) == .wait)
        #expect(view.faults.count == 2)
        #expect(view.entries.map(\.offset) == [1, 2])
        #expect(view.since?.offset == 2)
    }

    @Test("a push before the answer to the join is a fault")
    func early() throws {
        var view = RoomView()
        #expect(view.heard(try publication(1)) == .wait)
        #expect(view.faults.map(\.kind) == [.repeated])
    }

    @Test("a new epoch in a push is the position's from then on")
    func epoch() throws {
        var view = try view(at: 1)
        _ = view.heard(try publication(2, epoch: "f"))
        #expect(view.since == Position(epoch: "f", offset: 2))
    }

    @Test("a skipped range is fetched by pages, and what is pushed meanwhile comes behind it")
    func skip() throws {
        var view = try view(at: 1)
        #expect(view.skipped(from: 2, to: 4) == .fetch(after: 1))
        #expect(view.heard(try publication(5)) == .wait)
        #expect(view.offset == 1)
        let page = [2, 3].map { Self.publication($0) }.joined(separator: ",")
        #expect(
            view.fetched(try answer(#"{"epoch":"e","head":5,"publications":[\#(page)]}"#)) == .fetch(after: 3)
        )
        let last = [4, 5].map { Self.publication($0) }.joined(separator: ",")
        #expect(view.fetched(try answer(#"{"epoch":"e","head":5,"publications":[\#(last)]}"#)) == .wait)
        #expect(view.entries.map(\.offset) == [1, 2, 3, 4, 5])
        #expect(view.faults == [])
        #expect(view.skips == 1)
    }

    @Test("a second skip while the first is fetched widens it")
    func skipTwice() throws {
        var view = try view(at: 1)
        #expect(view.skipped(from: 2, to: 2) == .fetch(after: 1))
        _ = view.heard(try publication(3))
        #expect(view.skipped(from: 4, to: 4) == .wait)
        _ = view.heard(try publication(5))
        let page = [2, 3, 4, 5].map { Self.publication($0) }.joined(separator: ",")
        #expect(view.fetched(try answer(#"{"epoch":"e","head":5,"publications":[\#(page)]}"#)) == .wait)
        #expect(view.entries.map(\.offset) == [1, 2, 3, 4, 5])
    }

    @Test("a connection that ends with a range unfetched asks for it anew")
    func skipLost() throws {
        var view = try view(at: 1)
        _ = view.skipped(from: 2, to: 4)
        _ = view.heard(try publication(5))
        view.disconnected()
        #expect(view.since?.offset == 1)
        #expect(view.entries.map(\.offset) == [1])
    }

    @Test("a skip that does not begin at the position is a fault")
    func badSkip() throws {
        var view = try view(at: 1)
        #expect(view.skipped(from: 3, to: 4) == .wait)
        #expect(view.faults.map(\.kind) == [.jumped])
    }

    @Test("a gap and a reset are losses: what they void is forgotten, the position follows")
    func losses() throws {
        var view = try view(at: 4)
        view.reset(epoch: "f", after: 2)
        #expect(view.entries.map(\.offset) == [1, 2])
        #expect(view.since == Position(epoch: "f", offset: 2))
        view.disconnected()
        let gap = #"{"epoch":"g","head":2,"recovered":false,"gap":{"from":2,"to":2},"publications":["#
        _ = view.joined(try answer(gap + Self.publication(2) + "]}"))
        #expect(view.entries.map(\.offset) == [1, 2])
        #expect(view.since == Position(epoch: "g", offset: 2))
        #expect(view.faults.map(\.kind) == [.lost, .lost])
    }

    @Test("an answer that does not begin behind what was presented, or forgets to bring it, is a fault")
    func wrongAnswers() throws {
        var view = try view(at: 2)
        view.disconnected()
        let leap = #"{"epoch":"e","head":4,"recovered":true,"publications":[\#(Self.publication(4))]}"#
        _ = view.joined(try answer(leap))
        #expect(view.faults.map(\.kind) == [.jumped])
        view.disconnected()
        _ = view.joined(try answer(#"{"epoch":"e","head":9,"recovered":true,"publications":[]}"#))
        #expect(view.faults.map(\.kind) == [.jumped, .jumped])
    }
}
