import Foundation
import Glibc

/// Sends on a connection from a thread of its own, so that the test can read meanwhile.
final class SendingThread {
    private let done = DispatchSemaphore(value: 0)

    /// Sends `bytes` on a copy of the connection's descriptor, as far as the peer takes them.
    init(_ connection: TestConnection, _ bytes: [UInt8]) {
        let descriptor = connection.duplicate()
        let done = done
        Thread {
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { break }
                sent += count
            }
            close(descriptor)
            done.signal()
        }.start()
    }

    /// Waits until all is sent.
    func join() { done.wait() }
}
