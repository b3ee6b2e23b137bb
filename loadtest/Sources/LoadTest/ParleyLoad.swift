import ArgumentParser

/// The command line.
@main
struct ParleyLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley-load", abstract: "A crowd of clients for Parley, with proofs and stopwatches.")
}
