/// What a trusted proxy did wrong, as `parley_proxy_faults_total` calls it.
enum ProxyFault: String, CaseIterable, Sendable {
    /// A connection without the PROXY header it must begin with.
    case preface
    /// A request whose field of clients cannot be read.
    case field
}
