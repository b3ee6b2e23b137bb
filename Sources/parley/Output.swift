import Glibc

/// Writes what was asked for to standard output.
func output(_ text: String) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes {
            write(STDOUT_FILENO, $0.baseAddress! + written, $0.count - written)
        }
        if count <= 0 { return }
        written += count
    }
}
