import Glibc

enum TLSTestClock {
    /// Seconds since 1970.
    static var wallSeconds: Int { time(nil) }
}
