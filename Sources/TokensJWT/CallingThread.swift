import Synchronization

/// Runs asynchronous code on the thread that asks for its result, and on no other.
///
/// jwt-kit hands its algorithms out through an actor, although nothing in it ever waits. Here the actor's
/// jobs run where the keys are loaded, so that verifying needs neither an actor nor the task pool. Not for
/// code that waits for a timer, a socket or another thread.
final class CallingThread: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// What `body` returns or throws.
    static func result<Value: Sendable>(
        of body: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let executor = CallingThread()
        let outcome = Outcome<Value>()
        Task(executorPreference: executor) {
            do { outcome.set(.success(try await body())) } catch { outcome.set(.failure(error)) }
        }
        while let job = executor.nextJob() { job.runSynchronously(on: executor.asUnownedTaskExecutor()) }
        guard let result = outcome.value else {
            preconditionFailure("what runs on the calling thread waits for no other")
        }
        return try result.get()
    }

    private func nextJob() -> UnownedJob? {
        jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let place = Mutex<Result<Value, any Error>?>(nil)

        var value: Result<Value, any Error>? { place.withLock { $0 } }
        func set(_ result: Result<Value, any Error>) { place.withLock { $0 = result } }
    }
}
