import ArchivePostgres
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
        let archive = try MaintainedArchive(arguments)
        let (from, to) = try archive.migrate()
        output(
            from == to
                ? "\(archive.name) is up to date (schema \(to)).\n"
                : "\(archive.name): schema \(from) to \(to).\n")
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
        let archive = try MaintainedArchive(arguments)
        output("\(archive.name): generation \(try archive.beginGeneration().number) begins.\n")
    }
}

/// `parley version`.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints the version.")

    func run() { output("parley \(Build.version)\n") }
}

/// An archive that outlives its processes. What fails ends the command with its sentence.
private struct MaintainedArchive {
    private let location: ArchiveLocation

    /// The configured one; an archive in memory has nothing to maintain.
    init(_ arguments: ConfigurationArguments) throws {
        location = try arguments.load().configuration.archive
        guard location != .sqlite(.memory) else {
            throw Failure.usage(
                "An archive in memory has no file: pass --archive sqlite:FILE or --archive postgres://…")
        }
    }

    /// What it is called in sentences.
    var name: String {
        if case .sqlite(.file(let path)) = location { path } else { location.description }
    }

    func migrate() throws -> (from: Int64, to: Int64) {
        do {
            return switch location {
            case .sqlite(.file(let path)): try SQLiteStore.migrate(file: path)
            case .postgres(let target): try PostgresStore.migrate(target)
            case .sqlite(.memory): preconditionFailure("it is refused before")
            }
        } catch {
            throw Failure.running("\(error)")
        }
    }

    func beginGeneration() throws -> ArchiveGeneration {
        do {
            return switch location {
            case .sqlite(.file(let path)): try SQLiteStore.newGeneration(inFile: path)
            case .postgres(let target): try PostgresStore.newGeneration(target)
            case .sqlite(.memory): preconditionFailure("it is refused before")
            }
        } catch {
            throw Failure.running("\(error)")
        }
    }
}
