/// How a hub learns who somebody is.
package enum IdentityRule: Sendable, Hashable {
    /// Development mode: everybody is who they say, in the tenant `default`, and may do everything; no token
    /// can be checked.
    case believed
    /// A token says it: `verify` is asked, and nobody is believed without one.
    case proven
}
