/// A text is no address of a Postgres database; the description says what to write instead.
package struct PostgresTargetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence for whoever wrote the address. It holds no password.
    package let description: String
}
