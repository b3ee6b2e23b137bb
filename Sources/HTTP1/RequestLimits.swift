/// How much of a request is read before it is refused. All in bytes but `fieldCount`.
package struct RequestLimits: Sendable, Hashable {
    /// The request line without its line end; beyond it 414.
    package var requestLineBytes = 8 * 1024
    /// All field lines with their line ends, and likewise all trailers; beyond it 431.
    package var headerBytes = 16 * 1024
    /// Field lines; beyond it 431.
    package var fieldCount = 100
    /// The decoded body; beyond it 413, as soon as its length is known.
    package var bodyBytes: Int

    /// The usual limits; the body's depends on what the caller serves.
    package init(bodyBytes: Int) { self.bodyBytes = bodyBytes }
}
