#if TSAN
    import Glibc

    /// A value behind a lock. This one is for the thread sanitizer, which does not see into `Mutex`.
    package final class Lock<Value: Sendable>: @unchecked Sendable {
        private let mutex: UnsafeMutablePointer<pthread_mutex_t>
        private var value: Value

        /// Guards `value`.
        package init(_ value: Value) {
            mutex = .allocate(capacity: 1)
            self.value = value
            pthread_mutex_init(mutex, nil)
        }

        deinit {
            pthread_mutex_destroy(mutex)
            mutex.deallocate()
        }

        /// Runs `body` alone with the value.
        package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            return body(&value)
        }
    }
#else
    import Synchronization

    /// A value behind a lock.
    package final class Lock<Value: Sendable>: Sendable {
        private let mutex: Mutex<Value>

        /// Guards `value`.
        package init(_ value: Value) { mutex = Mutex(value) }

        /// Runs `body` alone with the value.
        package func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
            mutex.withLock { body(&$0) }
        }
    }
#endif
