internal import CLinux
import Glibc
import Time

/// Turns host names into addresses without making the loop wait: getaddrinfo blocks, so each lookup has a
/// short-lived thread.
///
/// It remembers nothing: a name is looked up again at each reconnect, because a service may have moved. At
/// most four lookups run at a time; the others wait for their turn within their time limit.
package final class NameResolver: MailboxHandler, TimerHandler {
    /// Either the addresses, in the order to try them and at least one, or why there is none.
    package typealias Answer = Result<[SocketAddress], ResolveError>

    private struct Question {
        let host: String
        let port: UInt16
        let timer: TimerID
        let completion: (Answer) -> Void
    }

    private static let threadLimit = 4

    private let loop: EventLoop
    private let limit: Duration
    private let lookUp: @Sendable (String, UInt16) -> Answer
    private var receiver: MailboxReceiver<Found>?
    private var questions: [Int: Question] = [:]
    /// Questions without a thread yet, oldest first.
    private var waiting: [Int] = []
    private var threads = 0
    private var nextNumber = 0

    /// A resolver whose lookups take at most `limit`. It and the loop keep each other alive until `close`.
    package convenience init(on loop: EventLoop, limit: Duration = .seconds(10)) throws(SystemError) {
        try self.init(on: loop, limit: limit, lookUp: askSystem)
    }

    /// Asks `lookUp`, on threads of their own, instead of the system.
    init(
        on loop: EventLoop, limit: Duration, lookUp: @escaping @Sendable (String, UInt16) -> Answer
    ) throws(SystemError) {
        self.loop = loop
        self.limit = limit
        self.lookUp = lookUp
        receiver = try MailboxReceiver(on: loop, handler: self)
    }

    /// Looks `host` up and hands over its addresses with `port`, later, on the loop. A numeric address (an
    /// IPv6 one with or without brackets) answers itself, without a thread.
    package func resolve(_ host: String, port: UInt16, completion: @escaping (Answer) -> Void) {
        guard let receiver else { return }
        let number = nextNumber
        nextNumber += 1
        questions[number] = Question(
            host: host, port: port, timer: loop.schedule(self, token: number, at: loop.now + limit),
            completion: completion)
        if let address = Self.numeric(host, port) {
            receiver.mailbox.post(Found(number: number, answer: .success([address]), usedThread: false))
        } else {
            waiting.append(number)
            startThreads()
        }
    }

    /// Forgets all questions: their completions are dropped. What threads still find is thrown away.
    package func close() {
        receiver?.close()
        receiver = nil
        for question in questions.values { loop.cancel(question.timer) }
        questions = [:]
        waiting = []
    }

    /// Threads have found something.
    package func received(_ messages: [Found]) {
        for found in messages {
            if found.usedThread { threads -= 1 }
            answer(found.number, found.answer)
        }
        startThreads()
    }

    /// A question has waited too long.
    package func timerFired(token: Int) {
        guard let question = questions[token] else { return }
        waiting.removeAll { $0 == token }
        answer(token, .failure(ResolveError(question.host, .tooSlow)))
    }

    private func answer(_ number: Int, _ answer: Answer) {
        guard let question = questions.removeValue(forKey: number) else { return }
        loop.cancel(question.timer)
        question.completion(answer)
    }

    private func startThreads() {
        guard let mailbox = receiver?.mailbox else { return }
        while threads < Self.threadLimit, !waiting.isEmpty {
            let number = waiting.removeFirst()
            guard let question = questions[number] else { continue }
            let (host, port, lookUp) = (question.host, question.port, lookUp)
            do {
                try HelperThread.run("resolver") {
                    mailbox.post(Found(number: number, answer: lookUp(host, port), usedThread: true))
                }
                threads += 1
            } catch {
                let failure = ResolveError(host, code: EAI_MEMORY)
                mailbox.post(Found(number: number, answer: .failure(failure), usedThread: false))
            }
        }
    }

    private static func numeric(_ host: String, _ port: UInt16) -> SocketAddress? {
        (try? SocketAddress("\(host):\(port)")) ?? (try? SocketAddress("[\(host)]:\(port)"))
    }
}

extension NameResolver {
    /// What comes back to the loop.
    package struct Found: Sendable {
        let number: Int
        let answer: Answer
        let usedThread: Bool
    }
}

/// Blocks until the system knows.
private func askSystem(_ host: String, _ port: UInt16) -> NameResolver.Answer {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &list)
    guard code == 0 else { return .failure(ResolveError(host, code: code)) }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var entry = list
    while let current = entry?.pointee {
        var storage = sockaddr_storage()
        memcpy(&storage, current.ai_addr, min(Int(current.ai_addrlen), MemoryLayout<sockaddr_storage>.size))
        if let address = SocketAddress(storage)?.with(port: port), !addresses.contains(address) {
            addresses.append(address)
        }
        entry = current.ai_next
    }
    return addresses.isEmpty ? .failure(ResolveError(host, .unknownName)) : .success(addresses)
}
