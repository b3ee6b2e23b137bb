/// An answer's bytes, read as a client with no tolerance reads them: anything that breaks out of its line is
/// our fault.
struct NaiveResponse {
    /// The status line's code.
    let code: Int
    let fields: [(name: String, value: String)]
    let body: [UInt8]

    /// Takes an answer apart.
    init(_ bytes: [UInt8]) {
        var lines: [String] = []
        var line: [UInt8] = []
        var rest = bytes[...]
        while true {
            guard let byte = rest.popFirst() else { preconditionFailure("the header section has no end") }
            guard byte == 10 else {
                line.append(byte)
                continue
            }
            precondition(line.popLast() == 13, "a line ends with CR and LF")
            precondition(line.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 9 }, "a control byte in a line")
            if line.isEmpty { break }
            lines.append(String(decoding: line, as: UTF8.self))
            line = []
        }
        let status = lines.removeFirst().split(separator: " ", maxSplits: 2)
        precondition(status.count == 3 && status[0] == "HTTP/1.1" && status[1].utf8.count == 3, "status line")
        guard let code = Int(status[1]) else { preconditionFailure("a status code is a number") }
        self.code = code
        fields = lines.map { line in
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else {
                preconditionFailure("a field has a colon")
            }
            let value = line.utf8[line.utf8.index(after: colon)...]
            precondition(value.first == 0x20, "a space after the colon")
            return (String(line[..<colon]), String(Substring(value.dropFirst())))
        }
        body = Array(rest)
    }

    /// The values of the fields of that name, compared without regard to case.
    func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}
