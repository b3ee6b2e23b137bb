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
        let (settings, _) = try arguments.loadWithKeys()
        output(ConfigurationReport(settings).text)
    }
}

/// `parley migrate`.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the archive's schema up to date, as serve does by itself.")

    @OptionGroup var arguments: ConfigurationArguments

    func run() throws {
        let archive = try arguments.keptArchive()
        do {
            let (from, to) = try archive.migrate()
            output(
                from == to
                    ? "\(archive) is up to date (schema \(to)).\n" : "\(archive): schema \(from) to \(to).\n")
        } catch {
            throw Failure.running("\(error)")
        }
    }
}

/// `parley new-epoch`.
struct NewEpoch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells all clients that the archive is no continuation of what it was.",
        discussion: """
            Stop every instance first, put the copy of the archive back, run this, start: clients that had \
            seen more than the copy holds are then told which of it is void. An instance that runs meanwhile \
            numbers new publications as clients know others.
            """)

    @OptionGroup var arguments: ConfigurationArguments

    func run() throws {
        let archive = try arguments.keptArchive()
        do {
            let generation = try archive.beginGeneration()
            output("\(archive): generation \(generation.number) begins.\n")
        } catch {
            throw Failure.running("\(error)")
        }
    }
}

/// `parley version`.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints the version.")

    func run() { output("parley \(Build.version)\n") }
}

extension ConfigurationArguments {
    /// The archive that outlives a process; one in memory has nothing to maintain.
    fileprivate func keptArchive() throws -> ArchiveLocation {
        let archive = try load().configuration.archive
        guard archive != .sqlite(.memory) else {
            throw Failure.usage(
                "An archive in memory has nothing to maintain: pass --archive sqlite:FILE or postgres://….")
        }
        return archive
    }
}

extension ArchiveLocation {
    fileprivate func migrate() throws -> (from: Int64, to: Int64) {
        switch self {
        case .sqlite(.file(let path)): try SQLiteStore.migrate(file: path)
        case .sqlite(.memory): preconditionFailure("an archive in memory has no schema to keep")
        case .postgres(let target): try PostgresStore.migrate(target)
        }
    }

    fileprivate func beginGeneration() throws -> ArchiveGeneration {
        switch self {
        case .sqlite(.file(let path)): try SQLiteStore.newGeneration(inFile: path)
        case .sqlite(.memory): preconditionFailure("an archive in memory has no copy to put back")
        case .postgres(let target): try PostgresStore.newGeneration(target)
        }
    }
}
