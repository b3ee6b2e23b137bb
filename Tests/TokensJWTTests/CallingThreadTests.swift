import Foundation
import Testing

@testable import TokensJWT

@Suite("CallingThread: asynchronous code that waits for nobody runs where its result is wanted")
struct CallingThreadTests {
    private actor Counter {
        private var count = 0
        func add() -> Int {
            count += 1
            return count
        }
    }

    private struct Refused: Error {}

    @Test("hops to actors stay on the thread that asks")
    func staysOnTheThread() throws {
        let caller = pthread_self()
        let (sum, threads) = try CallingThread.result {
            let (one, other) = (Counter(), Counter())
            var threads: [pthread_t] = []
            var sum = 0
            for _ in 0..<10 {
                sum += await one.add() + other.add()
                threads.append(pthread_self())
            }
            return (sum, threads)
        }
        #expect(sum == 110)
        #expect(threads.allSatisfy { $0 == caller })
    }

    @Test("an error comes out")
    func throwsErrors() {
        #expect(throws: Refused.self) {
            try CallingThread.result { () async throws -> Int in throw Refused() }
        }
    }

    @Test("inside a task the task goes on as before")
    func nests() async throws {
        let sum = try await Task.init {
            let first = try CallingThread.result { await Counter().add() }
            await Task.yield()
            return try first + CallingThread.result { await Counter().add() }
        }.value
        #expect(sum == 2)
    }
}
