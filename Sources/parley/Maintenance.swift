import ArchiveSQLite
import ArgumentParser
import ChatProtocol
import Gateway

/// `parley check-config`.
struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks the configuration and prints all of it, each value with its source.")

    @OptionGroup var arguments: ConfigurationArguments

    @Flag(name: .customLong("markdown"), help: "Prints the table of all options, docs/configuration.md.")
    var markdown = false

    func run() throws {
        if markdown { return output(ConfigurationDocument().text) }
        let (settings, _) = try arguments.load()
        output(ConfigurationReport(settings).text)
    }
}

/// `parley migrate`.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the archive's schema up to date, as serve does by itself.")

    @OptionGroup var arguments: ConfigurationArguments

    func run() throws {
        let path = try arguments.archiveFile()
        do {
            let (from, to) = try SQLiteStore.migrate(file: path)
            output(
                from == to ? "\(path) is up to date (schema \(to)).\n" : "\(path): schema \(from) to \(to).\n"
            )
        } catch {
            throw Failure.running(error.description)
        }
    }
}

/// `parley new-epoch`.
struct NewEpoch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells all clients that the archive is no continuation of what it was.",
        discussion: """
            Run it after a copy of the archive was put back, before serving again: clients that had seen \
            more than the copy holds are then told which of it is void.
            """)

    @OptionGroup var arguments: ConfigurationArguments

    func run() throws {
        let path = try arguments.archiveFile()
        do {
            let generation = try SQLiteStore.newGeneration(inFile: path)
            output("\(path): generation \(generation.number) begins.\n")
        } catch {
            throw Failure.running(error.description)
        }
    }
}

/// `parley version`.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints the version.")

    func run() { output("parley \(Build.version)\n") }
}

extension ConfigurationArguments {
    /// The archive's file; an archive in memory has nothing to maintain.
    fileprivate func archiveFile() throws -> String {
        switch try load().configuration.archive {
        case .sqlite(.file(let path)): return path
        case .sqlite(.memory), .postgres:
            throw Failure.usage("An archive in memory has no file: pass --archive sqlite:FILE.")
        }
    }
}
