import Testing

@testable import ChatProtocol

@Suite("chat.md: REST publications")
struct RESTDraftTests {
    @Test("every content of the vectors is understood as they say", arguments: EnvelopeVectors.all.drafts)
    func playsVectors(_ vector: DraftVector) {
        do {
            let draft = try RESTDraft(decoding: Array(vector.text.utf8).span, bodyBytes: 256)
            #expect(vector.draft.error == nil)
            #expect(draft.clientID?.description == vector.draft.clientId)
            #expect(String(decoding: draft.body, as: UTF8.self) == vector.draft.body)
            #expect(draft.user?.description == vector.draft.user)
            #expect(draft.name == vector.draft.name)
        } catch {
            #expect(error.code.name == vector.draft.error)
            let path = vector.draft.path ?? ""
            #expect(error.message.hasPrefix(path.isEmpty ? "the request's content" : path + ": "))
        }
    }
}
