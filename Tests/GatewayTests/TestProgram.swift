import Foundation
import Networking
import Testing

/// The built `parley`, run as an operator would.
final class TestProgram {
    /// What a run that ended by itself left behind.
    struct Outcome {
        let status: Int32
        let output: String
        let complaint: String
    }

    private let process = Process()
    private let errors = Pipe()
    private var log = ""

    /// Beside the test bundle: SwiftPM builds both into one folder.
    private static let executable = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "parley")

    /// Starts it and waits until it listens.
    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        Self.prepare(process, ["serve"] + arguments, environment)
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// The address it says it listens at.
    func address() throws -> SocketAddress {
        while true {
            if let match = log.firstMatch(of: /listening on http:\/\/([^\/\s]+)\//) {
                return try SocketAddress(String(match.1))
            }
            guard try readLog() else { throw TestConnection.Failure(what: "no address: \(log)") }
        }
    }

    /// Waits until it has logged that.
    func waitFor(_ words: String) throws {
        while !log.contains(words) {
            guard try readLog() else { throw TestConnection.Failure(what: "\(words): \(log)") }
        }
    }

    func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end; the status (negative after a signal) and everything it logged.
    func end() throws -> (status: Int32, log: String) {
        while try readLog() {}
        process.waitUntilExit()
        return (
            process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus, log
        )
    }

    private func readLog() throws -> Bool {
        let data = errors.fileHandleForReading.availableData
        log += String(decoding: data, as: UTF8.self)
        return !data.isEmpty
    }

    /// Runs it to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
        let process = Process()
        prepare(process, arguments, environment)
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complaint = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: said, as: UTF8.self),
            complaint: String(decoding: complaint, as: UTF8.self))
    }

    private static func prepare(_ process: Process, _ arguments: [String], _ environment: [String: String]) {
        process.executableURL = executable
        process.arguments = arguments
        // Nothing of the machine's own settings reaches the tests.
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PARLEY_") }
        process.environment = inherited.merging(environment) { $1 }
    }
}

/// A folder for one test, gone with it.
final class TestFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "parley-gateway-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path() }

    /// Makes a file of this text; its path.
    @discardableResult
    func file(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: url.appending(path: name))
        return path(name)
    }
}
