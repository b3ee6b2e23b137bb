import Glibc

/// The kernel refused a call.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which call, as the manual names it.
    package let call: String
    /// Its errno.
    package let code: Int32

    /// The call that failed and its errno.
    package init(_ call: String, _ code: Int32) {
        self.call = call
        self.code = code
    }

    /// For example `bind: Address already in use`.
    package var description: String { "\(call): \(String(cString: strerror(code)))" }

    /// Whether somebody else listens on the address.
    package var isAddressInUse: Bool { code == EADDRINUSE }

    /// Whether the process or the machine has no descriptor left.
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }
}

/// How a call on a non-blocking descriptor ended.
enum SystemResult {
    /// It did something; what it returned.
    case done(Int)
    /// Nothing now: the descriptor's readiness will tell.
    case wouldBlock
}

/// Makes a call on a non-blocking descriptor: the one place that repeats after EINTR and reads EAGAIN.
@inline(__always)
func systemCall(_ name: String, _ call: () -> Int) throws(SystemError) -> SystemResult {
    while true {
        let result = call()
        if result >= 0 { return .done(result) }
        let code = errno
        if code == EINTR { continue }
        if code == EAGAIN || code == EWOULDBLOCK { return .wouldBlock }
        throw SystemError(name, code)
    }
}

/// Makes a call that has no business to block; EAGAIN is an error like any other.
@discardableResult
func checkedCall(_ name: String, _ call: () -> Int32) throws(SystemError) -> Int32 {
    while true {
        let result = call()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw SystemError(name, code) }
    }
}

/// Sets an option whose value is an int.
func setSocketOption(
    _ descriptor: Int32, _ level: Int32, _ option: Int32, to value: Int32
) throws(SystemError) {
    var value = value
    try checkedCall("setsockopt") {
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
