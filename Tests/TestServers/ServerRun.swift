import Foundation
import Glibc
import Synchronization

/// What both kinds of servers need: a folder, a port, a script that runs it, and a question that tells when
/// it is up.
final class ServerRun: Sendable {
    /// Where it keeps its files and its log.
    let folder = ServerFolder()
    /// Where it listens on 127.0.0.1.
    let port: UInt16
    private let command: @Sendable (UInt16, String) -> [String]
    private let isUp: @Sendable (UInt16, String) -> Bool
    private let process = Mutex<ChildProcess?>(nil)

    /// Starts `command` (given port and folder) and waits until `isUp`.
    init(
        command: @escaping @Sendable (UInt16, String) -> [String],
        isUp: @escaping @Sendable (UInt16, String) -> Bool
    ) throws {
        (self.command, self.isUp) = (command, isUp)
        // Somebody may take the port between our look and the server's: then another is tried.
        for attempt in 1... {
            let port = try Self.freePort()
            do {
                let process = try Self.start(command(port, folder.path), in: folder) { [path = folder.path] in
                    isUp(port, path)
                }
                self.port = port
                self.process.withLock { $0 = process }
                return
            } catch {
                if attempt == 3 { throw error }
            }
        }
        preconditionFailure("three attempts end above")
    }

    deinit { process.withLock { $0 }?.signal(SIGKILL) }

    /// The script of the repository's `scripts` folder.
    static func script(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "scripts/" + name).path()
    }

    /// Whether it runs.
    var isRunning: Bool { process.withLock { $0 }.map { $0.status == nil } ?? false }

    /// The process's number; nil while it does not run.
    var number: pid_t? { process.withLock { $0 }.flatMap { $0.status == nil ? $0.number : nil } }

    /// Everything it said so far.
    var log: String { read(file: folder.file("server.log")) ?? "" }

    /// Starts it again, on the same port with the same files.
    func start() throws {
        if isRunning { return }
        let started = try Self.start(command(port, folder.path), in: folder) { [isUp, port, folder] in
            isUp(port, folder.path)
        }
        process.withLock { $0 = started }
    }

    /// Ends it by `signal` and waits until it and every process it started are gone.
    func end(by signal: Int32) throws {
        guard let process = process.withLock({ $0 }) else { return }
        let children = process.children
        process.signal(signal)
        guard process.waitForEnd(milliseconds: 60_000) else {
            throw TestServerError(description: "the server does not end: \(log)")
        }
        if signal == SIGKILL { for child in children { kill(child, SIGKILL) } }
        for _ in 0..<6000 where children.contains(where: ChildProcess.isRunning) { poll(nil, 0, 10) }
        self.process.withLock { $0 = nil }
    }

    /// Runs a program to its end; what it printed. Throws that, too, where it failed.
    static func run(_ arguments: [String]) throws -> String {
        let folder = ServerFolder()
        let process = try ChildProcess(arguments, log: folder.file("output"))
        guard process.waitForEnd(milliseconds: 60_000) else {
            process.signal(SIGKILL)
            throw TestServerError(description: "\(arguments) does not end within a minute")
        }
        let output = read(file: folder.file("output")) ?? ""
        guard process.status == 0 else {
            throw TestServerError(description: "\(arguments.joined(separator: " ")): \(output)")
        }
        return output
    }

    private static func start(
        _ arguments: [String], in folder: ServerFolder, isUp: () -> Bool
    ) throws -> ChildProcess {
        let process = try ChildProcess(arguments, log: folder.file("server.log"))
        var reason = "is not up after a minute"
        for _ in 0..<1200 {
            if process.waitForEnd(milliseconds: 50) {
                reason = "ended"
                break
            }
            if isUp() { return process }
        }
        process.signal(SIGKILL)
        throw TestServerError(
            description: "\(arguments[0]) \(reason): \(read(file: folder.file("server.log")) ?? "")")
    }

    /// A port nobody listens at, below those the kernel gives to outgoing connections.
    private static func freePort() throws -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: 20_000..<32_000)
            if canBind(port) { return port }
        }
        throw TestServerError(description: "no free port from 20000 to 32000")
    }

    private static func canBind(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        } == 0
    }
}
