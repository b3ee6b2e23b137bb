internal import CLinux
import Glibc
import Time

/// How the kernel finds out by itself that a silent peer is gone.
struct KeepAlive {
    /// For what comes in: whoever is gone without a word is noticed within two minutes, also where nothing
    /// above TCP asks for signs of life.
    static let ofGuests = KeepAlive(idle: .seconds(60), interval: .seconds(15), count: 4)

    /// After so long a silence the kernel asks; whole seconds, at least one.
    var idle: Duration
    /// So long it waits before it asks again; whole seconds, at least one.
    var interval: Duration
    /// So often it asks.
    var count: Int

    /// Sets it on a socket, or on a listening one for all that it will accept (Linux copies these options).
    /// What we sent may stay unacknowledged for as long as all the asking takes.
    func set(on descriptor: Int32) throws(SystemError) {
        let (first, next) = (max(idle.inMilliseconds / 1000, 1), max(interval.inMilliseconds / 1000, 1))
        let patience = (first + next * Int64(count)) * 1000
        try setSocketOption(descriptor, SOL_SOCKET, SO_KEEPALIVE, to: 1)
        try setSocketOption(descriptor, LINUX_TCP_LEVEL, TCP_KEEPIDLE, to: Int32(clamping: first))
        try setSocketOption(descriptor, LINUX_TCP_LEVEL, TCP_KEEPINTVL, to: Int32(clamping: next))
        try setSocketOption(descriptor, LINUX_TCP_LEVEL, TCP_KEEPCNT, to: Int32(clamping: count))
        try setSocketOption(descriptor, LINUX_TCP_LEVEL, TCP_USER_TIMEOUT, to: Int32(clamping: patience))
    }
}
