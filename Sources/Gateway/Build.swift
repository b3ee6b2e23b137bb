/// What this program is.
package enum Build {
    /// The version of Parley, by semver.org.
    package static let version = "0.1.0"
}
