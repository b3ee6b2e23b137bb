import ArgumentParser
import Gateway
import Glibc

/// The command line.
@main
struct Parley: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "A real-time chat gateway: an acknowledged message is a stored message.",
        discussion: """
            Every option is also a variable (--log-level is PARLEY_LOG_LEVEL) and a key of the YAML file \
            (logLevel); flags win over variables, variables over the file. Keys that have no flag are listed \
            by parley check-config.
            """,
        subcommands: [
            Serve.self, TokenCommand.self, CheckConfig.self, Migrate.self, NewEpoch.self, Version.self,
        ],
        defaultSubcommand: nil)

    /// Status 0 after what was asked, 1 when something failed while running, 2 for what was asked wrongly.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as Failure {
            complain("parley: " + failure.sentence)
            Glibc.exit(failure.status)
        } catch {
            if exitCode(for: error).isSuccess { exit(withError: error) }
            complain(fullMessage(for: error))
            Glibc.exit(2)
        }
    }
}

/// The end of a command that could not do what it was asked.
struct Failure: Error {
    /// 1 when something failed, 2 when it was asked wrongly.
    let status: Int32
    /// What to do about it.
    let sentence: String

    /// Asked wrongly.
    static func usage(_ sentence: String) -> Failure { Failure(status: 2, sentence: sentence) }
    /// Asked rightly, but it failed.
    static func running(_ sentence: String) -> Failure { Failure(status: 1, sentence: sentence) }
}
