import ArgumentParser
import Glibc

/// The command line.
@main
struct ParleyLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley-load", abstract: "A crowd of clients for Parley, with proofs and stopwatches.",
        subcommands: [
            ReplayCommand.self, EchoCommand.self, FanoutCommand.self, IdleCommand.self,
            HandshakesCommand.self,
        ])

    /// Status 0 when everything asked for holds, 1 when not, 2 for what was asked wrongly.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as Failure {
            write(text: "parley-load: \(failure.sentence)\n", to: STDERR_FILENO)
            Glibc.exit(failure.status)
        } catch {
            if exitCode(for: error).isSuccess { exit(withError: error) }
            write(text: fullMessage(for: error) + "\n", to: STDERR_FILENO)
            Glibc.exit(2)
        }
    }
}

/// The end of a command that could not do what it was asked.
struct Failure: Error {
    /// 1 when something failed or does not hold, 2 when it was asked wrongly.
    let status: Int32
    /// What to do about it.
    let sentence: String
}
