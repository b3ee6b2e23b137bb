/// A text is no address; the description says what to write instead.
package struct SocketAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    package enum Fault: Hashable, Sendable { case noPort, badPort, noHost, badHost }

    /// The text as it was given.
    package let text: String
    /// What is wrong with it.
    package let fault: Fault

    init(_ text: String, _ fault: Fault) {
        self.text = text
        self.fault = fault
    }

    /// One sentence for whoever wrote the text.
    package var description: String {
        switch fault {
        case .noPort: "\"\(text)\" has no port: write 127.0.0.1:8080 or [::1]:8080."
        case .badPort: "\"\(text)\" has no port from 0 to 65535 behind its last colon: write 127.0.0.1:8080."
        case .noHost:
            "\"\(text)\" has no host: write 127.0.0.1:8080 for this machine only, 0.0.0.0:8080 for everybody."
        case .badHost:
            """
            "\(text)" has no numeric host: write 127.0.0.1:8080, or an IPv6 address in brackets, \
            [::1]:8080.
            """
        }
    }
}
