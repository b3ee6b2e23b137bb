import Glibc

/// Owns a file descriptor: closes it once, at the latest when it goes out of scope.
struct Descriptor: ~Copyable {
    /// The kernel's number, -1 after `close`.
    private(set) var number: Int32

    /// Takes over `number`.
    init(_ number: Int32) { self.number = number }

    deinit { if number >= 0 { _ = Glibc.close(number) } }

    /// Closes it now. EINTR is not repeated: on Linux the descriptor is gone even then.
    mutating func close() {
        if number >= 0 { _ = Glibc.close(number) }
        number = -1
    }
}
