internal import COpenSSL

/// Why certificates or keys cannot be used: a sentence that names the file.
package struct TLSSetupError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The sentence, without a full stop.
    package let description: String

    init(_ sentence: String) { description = sentence }
}

/// What OpenSSL complained of in this thread.
enum OpenSSLErrors {
    /// Forgets all complaints. The queue is the thread's: what one connection left there would be believed of
    /// the next.
    static func clear() { ERR_clear_error() }

    /// The first complaint in OpenSSL's words, and forgets all; nil where there is none.
    static func takeReason() -> String? {
        let code = ERR_get_error()
        defer { clear() }
        return code == 0 ? nil : reason(of: code)
    }

    static func reason(of code: UInt) -> String {
        guard let text = ERR_reason_error_string(code) else { return "OpenSSL error \(code)" }
        return String(cString: text)
    }
}
