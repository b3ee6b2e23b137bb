import Glibc
import Networking
import Testing

/// A plain blocking connection; everything it waits for, it waits for some seconds at most.
final class TestConnection {
    struct Failure: Error { let what: String }

    private let descriptor: Int32
    /// What came and was not taken yet.
    private(set) var input: [UInt8] = []
    private(set) var hasEnded = false

    /// Connects, as another of this machine's addresses if one is named; a small `receiveBuffer` makes it a
    /// slow reader.
    init(to address: SocketAddress, from source: String? = nil, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if let source {
            let result = Self.withAddress(source, port: 0) { bind(descriptor, $0, $1) }
            guard result == 0 else { throw Failure(what: "bind: errno \(errno)") }
        }
        let result = Self.withAddress("127.0.0.1", port: address.port) { connect(descriptor, $0, $1) }
        guard result == 0 else { throw Failure(what: "connect: errno \(errno)") }
    }

    private static func withAddress(
        _ host: String, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    deinit { close(descriptor) }

    /// Sends all of `bytes`.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(what: "send: errno \(errno)") }
            sent += count
        }
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// A copy of the descriptor, to be closed by whoever asked.
    func duplicate() -> Int32 { dup(descriptor) }

    /// Sends no more.
    func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Waits until `take` finds what it wants at the beginning of the input; it says how many bytes that
    /// takes. Nil when the connection ended before.
    func wait<Found>(for what: String, _ take: ([UInt8]) throws -> (Found, count: Int)?) throws -> Found? {
        while true {
            if let (found, count) = try take(input) {
                input.removeFirst(count)
                return found
            }
            guard try read(for: what) else { return nil }
        }
    }

    /// Everything up to the end of the connection.
    func readToEnd() throws -> [UInt8] {
        while try read(for: "the end") {}
        defer { input = [] }
        return input
    }

    private func read(for what: String) throws -> Bool {
        if hasEnded { return false }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN { throw Failure(what: "nothing came while waiting for \(what)") }
        // A reset is an end as well: the tests that mind the difference look at what came before it.
        if count <= 0 { hasEnded = true } else { input += buffer[..<count] }
        return count > 0
    }
}

/// An answer as it came.
struct HTTPAnswer {
    let status: Int
    let fields: [(name: String, value: String)]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

extension TestConnection {
    /// Sends a request with the Host field it should have, unless it has one.
    func request(
        _ method: String, _ target: String, fields: [(String, String)] = [], body: String? = nil,
        host: String = "localhost"
    ) throws {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n"
        for (name, value) in fields { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        try send(text + "\r\n" + (body ?? ""))
    }

    /// The next answer; `hasBody` is false for an answer to HEAD.
    func answer(hasBody: Bool = true) throws -> HTTPAnswer {
        let answer = try wait(for: "an answer") { try Self.parse($0, hasBody: hasBody) }
        guard let answer else { throw Failure(what: "the connection ended without an answer") }
        return answer
    }

    /// Asks and waits for the answer.
    func ask(
        _ method: String, _ target: String, fields: [(String, String)] = [], body: String? = nil,
        host: String = "localhost"
    ) throws -> HTTPAnswer {
        try request(method, target, fields: fields, body: body, host: host)
        return try answer(hasBody: method != "HEAD")
    }

    private static func parse(_ input: [UInt8], hasBody: Bool) throws -> (HTTPAnswer, count: Int)? {
        let blank = Array("\r\n\r\n".utf8)
        guard let end = input.firstRange(of: blank)?.upperBound else { return nil }
        let lines = String(decoding: input[..<end], as: UTF8.self).split(separator: "\r\n")
        let parts = lines[0].split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0] == "HTTP/1.1", let status = Int(parts[1]) else {
            throw Failure(what: "no status line: \(lines[0])")
        }
        let fields = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.startIndex
            return (String(line[..<colon]), String(line[colon...].dropFirst().drop { $0 == " " }))
        }
        var answer = HTTPAnswer(status: status, fields: fields, body: [])
        let isBodyless = !hasBody || status < 200 || status == 204 || status == 304
        let length = isBodyless ? 0 : answer["Content-Length"].flatMap { Int($0) } ?? 0
        guard input.count >= end + length else { return nil }
        answer = HTTPAnswer(status: status, fields: fields, body: Array(input[end..<(end + length)]))
        return (answer, end + length)
    }
}
