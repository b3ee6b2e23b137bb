package import ChatProtocol
package import Time

/// What a token is to say.
package struct TokenDraft: Sendable {
    /// Whose user.
    package var tenant: TenantID
    /// Which.
    package var user: UserID
    /// Under which name; nil for none.
    package var name: String?
    /// What is granted; at most 100 lines.
    package var rooms: [GrantDraft]
    /// When it ends.
    package var expiresAt: WallTime

    /// A draft of these facts.
    package init(
        tenant: TenantID, user: UserID, name: String?, rooms: [GrantDraft], expiresAt: WallTime
    ) {
        self.tenant = tenant
        self.user = user
        self.name = name
        self.rooms = rooms
        self.expiresAt = expiresAt
    }
}
