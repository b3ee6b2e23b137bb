internal import CLinux
import Glibc

/// A thread without a loop, for the one call that has no non-blocking form. Nobody waits for it: what it
/// finds it posts into a mailbox.
enum HelperThread {
    /// Runs `body` on a thread named `name` (the kernel shows 15 bytes of it) that ends with it.
    static func run(_ name: String, body: @escaping @Sendable () -> Void) throws(SystemError) {
        let handed = Unmanaged.passRetained(Body(name: name, run: body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let code = pthread_create(&thread, &attributes, runBody, handed.toOpaque())
        guard code == 0 else {
            handed.release()
            throw SystemError("pthread_create", code)
        }
    }
}

private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

private func runBody(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    let body = Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue()
    // By the thread itself: a detached one's handle is worthless as soon as it has ended.
    pthread_setname_np(pthread_self(), String(decoding: body.name.utf8.prefix(15), as: UTF8.self))
    body.run()
    return nil
}
