import Glibc

/// Writes what was asked for to standard output.
func output(_ text: String) { write(text, to: STDOUT_FILENO) }

/// Writes a line for the operator to standard error.
func complain(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

private func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes {
            Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
        }
        if count <= 0 { return }
        written += count
    }
}
