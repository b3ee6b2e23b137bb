import Testing

@testable import Networking

@Suite("Mailboxes between loops")
struct MailboxTests {
    final class Reader: MailboxHandler {
        var messages: [Int] = []
        var batches = 0
        var onBatch: () -> Void = {}

        func received(_ messages: [Int]) {
            self.messages += messages
            batches += 1
            onBatch()
        }
    }

    @Test("four threads post, nothing is lost, and each one's messages keep their order")
    func fromThreads() throws {
        let loop = try EventLoop()
        let reader = Reader()
        let receiver = try MailboxReceiver(on: loop, handler: reader)
        let mailbox = receiver.mailbox
        let threads = try (0..<4).map { number in
            try LoopThread(name: "poster") { _ in
                for index in 0..<2000 {
                    if index % 3 == 0 {
                        mailbox.post(contentsOf: [number * 10_000 + index])
                    } else {
                        mailbox.post(number * 10_000 + index)
                    }
                }
            }
        }
        #expect(try loop.turns { reader.messages.count == 8000 })
        for thread in threads { thread.join() }
        for number in 0..<4 {
            let own = reader.messages.filter { $0 / 10_000 == number }
            #expect(own == (0..<2000).map { number * 10_000 + $0 })
        }
        receiver.close()
        loop.dismantle()
    }

    @Test("what is posted together is handled together, and no empty batch comes")
    func batches() throws {
        let loop = try EventLoop()
        let reader = Reader()
        let receiver = try MailboxReceiver(on: loop, handler: reader)
        receiver.mailbox.post(1)
        receiver.mailbox.post(contentsOf: [2, 3])
        receiver.mailbox.post(contentsOf: [])
        #expect(try loop.turns { reader.batches > 0 })
        for _ in 0..<3 { try loop.turn(sleepingAtMost: .zero) }
        #expect(reader.messages == [1, 2, 3] && reader.batches == 1)
        loop.dismantle()
    }

    @Test("a message posted while a batch is handled comes in the next turn")
    func postsFromHandler() throws {
        let loop = try EventLoop()
        let reader = Reader()
        let receiver = try MailboxReceiver(on: loop, handler: reader)
        let mailbox = receiver.mailbox
        reader.onBatch = { [unowned reader] in if reader.batches < 3 { mailbox.post(reader.batches) } }
        mailbox.post(0)
        #expect(try loop.turns { reader.messages == [0, 1, 2] })
        loop.dismantle()
    }

    @Test("posting to a closed mailbox, or to a loop that has gone, is harmless")
    func afterTheLoop() throws {
        let reader = Reader()
        var loop: EventLoop? = try EventLoop()
        let closed = try MailboxReceiver(on: loop!, handler: reader)
        let kept = closed.mailbox
        kept.post(1)
        closed.close()
        kept.post(2)
        try loop!.turn(sleepingAtMost: .zero)
        let orphan = try MailboxReceiver(on: loop!, handler: reader).mailbox
        loop!.dismantle()
        loop = nil
        orphan.post(3)
        orphan.post(contentsOf: [4, 5])
        #expect(reader.messages.isEmpty)
    }

    final class Token: Sendable {}

    final class TokenReader: MailboxHandler {
        func received(_ messages: [Token]) {}
    }

    @Test("a closed mailbox keeps nothing that is posted to it, nor what waited in it")
    func keepsNothing() throws {
        let loop = try EventLoop()
        let receiver = try MailboxReceiver(on: loop, handler: TokenReader())
        weak var waiting: Token?
        weak var late: Token?
        do {
            let (first, second) = (Token(), Token())
            (waiting, late) = (first, second)
            receiver.mailbox.post(first)
            receiver.close()
            receiver.mailbox.post(second)
            receiver.mailbox.post(contentsOf: [second])
        }
        #expect(waiting == nil && late == nil)
        loop.dismantle()
    }
}
