import ArchiveSQLite
import ArgumentParser
import Gateway
import Glibc
import Logging

/// `parley serve`.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves until SIGTERM or SIGINT, then drains.")

    @OptionGroup var arguments: ConfigurationArguments

    func run() throws {
        let (_, configuration) = try arguments.loadWithKeys()
        let format = LineLog.Format(configuration.logFormat)
        let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
        let log = Logger(label: "parley") { LineLog(label: $0, format: format, level: level) }
        let status: Int32
        do {
            status = try Server(configuration, log: log).run()
        } catch let error as ConfigurationError {
            throw Failure.running(error.description)
        } catch let error as SQLiteStoreError {
            throw Failure.running(error.description)
        } catch {
            throw Failure.running("cannot serve: \(error)")
        }
        Glibc.exit(status)
    }
}

extension LineLog.Format {
    /// The format of that name in the option table.
    fileprivate init(_ name: String) { self = name == "json" ? .json : .text }
}
