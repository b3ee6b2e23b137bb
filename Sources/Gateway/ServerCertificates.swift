import TLS
import Time

/// The certificates in force, and the keys of tickets that outlive them.
struct ServerCertificates {
    private let settings: TLSSettings
    private let tickets = TLSTicketKeys()
    /// What new connections are made from.
    private(set) var context: TLSContext

    /// Reads the files. Throws what the operator must mend.
    init(_ settings: TLSSettings) throws(ConfigurationError) {
        self.settings = settings
        context = try settings.context(tickets)
    }

    /// Reads the files again; where that fails nothing changes. Sessions go on under the new certificates,
    /// for the tickets' keys stay.
    mutating func reload() throws(ConfigurationError) { context = try settings.context(tickets) }

    /// A sentence for each certificate that has ended.
    func warnings(at now: WallTime) -> [String] {
        settings.warnings(of: context, at: Int(now.milliseconds / 1_000))
    }
}
