import Bytes
import Foundation
import Glibc
import TestKit
import Testing

@testable import TLS

@Suite("A server's certificates and rules")
struct TLSContextTests {
    private let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    @Test(
        "a client is shown the first certificate for the name it asks for, else the first",
        arguments: [
            ("two.example", true), ("TWO.EXAMPLE", true), ("a.three.example", true), ("localhost", true),
            // A wildcard is one label, and stands for a label of its own.
            ("a.b.three.example", false), ("three.example", false), ("four.example", false),
        ])
    func names(_ name: String, _ isKnown: Bool) throws {
        let server = try authority.server(["DNS:localhost", "DNS:two.example", "DNS:*.three.example"])
        var pair = try MemoryPair(server, authority.client(), name: name)
        pair.settle()
        // The client is the judge: it accepts no certificate but one for that name.
        #expect(pair.client.delegate.isEstablished == isKnown)
        #expect(pair.server.delegate.isEstablished == isKnown)
    }

    @Test("a client that asks for an address is shown the first certificate")
    func address() throws {
        let server = try authority.server(["DNS:localhost,IP:127.0.0.1", "DNS:two.example"])
        var pair = try MemoryPair(server, authority.client(), name: "127.0.0.1")
        pair.settle()
        #expect(pair.server.delegate.isEstablished)
    }

    @Test(
        "RFC 7301 §3.2: http/1.1 is chosen; who offers only others is refused, who offers none is not",
        arguments: [
            (["http/1.1"], "http/1.1" as String?, true), (["h2", "http/1.1"], "http/1.1", true),
            ([], nil, true), (["h2"], nil, false), (["http/1.10", "http/1"], nil, false),
        ])
    func protocols(_ offered: [String], _ chosen: String?, _ isIn: Bool) throws {
        var pair = try MemoryPair(authority.server(), authority.client(protocols: offered))
        pair.settle()
        #expect(pair.server.delegate.isEstablished == isIn)
        #expect(pair.client.stream.applicationProtocol == chosen)
        if !isIn {
            #expect(
                pair.client.stream.failure?.description.contains("no application protocol") == true)
        }
    }

    @Test(
        "a session goes on at another worker, and after certificates were read again",
        arguments: [TLSVersion.v12, .v13])
    func resumes(_ version: TLSVersion) throws {
        let tickets = TLSTicketKeys()
        let client = try authority.client(version)
        var first = try MemoryPair(authority.server(tickets: tickets), client)
        first.settle()
        #expect(!first.server.stream.isResumed)
        let session = try #require(first.client.stream.session)
        #expect(session.isResumable)
        var second = try MemoryPair(authority.server(tickets: tickets), client, resuming: session)
        second.client.send([5])
        second.settle()
        #expect(second.server.stream.isResumed && second.client.stream.isResumed)
        #expect(second.server.sink.bytes == [5])
        var stranger = try MemoryPair(authority.server(), client, resuming: session)
        stranger.settle()
        #expect(stranger.server.delegate.isEstablished && !stranger.server.stream.isResumed)
    }

    @Test("a server for TLS 1.3 only refuses TLS 1.2, and both sides know why")
    func oldest() throws {
        var pair = try MemoryPair(authority.server(oldest: .v13), authority.client(.v12))
        pair.settle()
        #expect(pair.server.delegate.failure == .refused("unsupported protocol"))
        #expect(pair.client.delegate.failure == .refused("tlsv1 alert protocol version"))
    }

    @Test("another handshake on the same connection is refused, and the connection goes on")
    func renegotiation() throws {
        var pair = try MemoryPair(authority.server(), authority.client(.v12))
        pair.settle()
        pair.client.stream.askForRenegotiation()
        pair.client.send([1])
        pair.settle()
        #expect(pair.server.stream.failure == nil)
        pair.server.send([2])
        pair.settle()
        #expect(pair.server.stream.failure == nil)
    }

    @Test(
        "a client shows a certificate of the authorities that are believed, or is refused",
        arguments: [TLSVersion.v12, .v13], [true, false])
    func clients(_ version: TLSVersion, _ isRequired: Bool) throws {
        let (theirs, foreign) = (try TestAuthority(), try TestAuthority())
        let check = TLSClientCheck(authorities: theirs.certificate, isRequired: isRequired)
        let server = try authority.server(clients: check)
        func failure(showing certificate: TLSCertificateFiles?) throws -> TLSFailure? {
            var pair = try MemoryPair(server, authority.client(version, shows: certificate))
            pair.settle()
            #expect(pair.server.delegate.isEstablished == (pair.server.delegate.failure == nil))
            return pair.server.delegate.failure
        }
        let known = try theirs.issue("ann", for: ["DNS:ann"], toClient: true)
        let unknown = try foreign.issue("eve", for: ["DNS:eve"], toClient: true)
        let notAClient = try theirs.issue("server", for: ["DNS:server"])
        #expect(
            try failure(showing: TLSCertificateFiles(certificate: known.certificate, key: known.key)) == nil)
        #expect(
            try failure(showing: TLSCertificateFiles(certificate: unknown.certificate, key: unknown.key))
                == .refused("certificate verify failed"))
        #expect(
            try failure(
                showing: TLSCertificateFiles(certificate: notAClient.certificate, key: notAClient.key))
                == .refused("certificate verify failed"))
        let without = try failure(showing: nil)
        #expect(without == (isRequired ? .refused("peer did not return a certificate") : nil))
    }

    @Test("a session of a client of authorities that are no longer believed does not go on")
    func ticketsOfOthers() throws {
        let (theirs, later) = (try TestAuthority(), try TestAuthority())
        let tickets = TLSTicketKeys()
        let (certificate, key) = try theirs.issue("ann", for: ["DNS:ann"], toClient: true)
        let client = try authority.client(shows: TLSCertificateFiles(certificate: certificate, key: key))
        func server(_ believed: TestAuthority) throws -> TLSContext {
            let check = TLSClientCheck(authorities: believed.certificate, isRequired: true)
            return try authority.server(clients: check, tickets: tickets)
        }
        var first = MemoryPair(try server(theirs), client)
        first.settle()
        let session = first.client.stream.session
        var second = MemoryPair(try server(theirs), client, resuming: session)
        second.settle()
        #expect(second.server.stream.isResumed)
        var third = MemoryPair(try server(later), client, resuming: session)
        third.settle()
        #expect(third.server.delegate.failure == .refused("certificate verify failed"))
    }

    @Test(
        "a session does not go on when its client's certificate has ended", arguments: [TLSVersion.v12, .v13])
    func ticketsOfThePast(_ version: TLSVersion) throws {
        let theirs = try TestAuthority()
        let tickets = TLSTicketKeys()
        let (certificate, key) = try theirs.issueEnded("ann")
        let client = try authority.client(
            version, shows: TLSCertificateFiles(certificate: certificate, key: key))
        func server() throws -> TLSContext {
            let check = TLSClientCheck(authorities: theirs.certificate, isRequired: true)
            return try authority.server(clients: check, tickets: tickets)
        }
        let careless = try server()
        careless.forgetTime()
        var first = MemoryPair(careless, client)
        first.settle()
        #expect(first.server.delegate.isEstablished)
        let session = try #require(first.client.stream.session)
        var second = MemoryPair(try server(), client, resuming: session)
        second.settle()
        #expect(!second.server.stream.isResumed)
        #expect(second.server.delegate.failure == .refused("certificate verify failed"))
    }

    @Test("a client that announces an endless chain of certificates is refused before there is room for it")
    func longChain() throws {
        let theirs = try TestAuthority()
        let (certificate, key) = try theirs.issue("ann", for: ["DNS:ann"], toClient: true)
        let one = try String(contentsOfFile: certificate, encoding: .utf8)
        let count = TLSContext.clientChainBytes / 300
        let chain = try theirs.write(String(repeating: one, count: count), to: "chain.pem")
        let check = TLSClientCheck(authorities: theirs.certificate, isRequired: true)
        for version in [TLSVersion.v12, .v13] {
            var pair = try MemoryPair(
                authority.server(clients: check),
                authority.client(version, shows: TLSCertificateFiles(certificate: chain, key: key)))
            pair.settle()
            #expect(pair.server.delegate.failure == .refused("excessive message size"))
        }
    }

    @Test("what cannot be used is told with the name of its file")
    func unusable() throws {
        let (certificate, key) = try authority.issue("one", for: ["DNS:one"])
        let other = try authority.issue("two", for: ["DNS:two"])
        let empty = try authority.write("nothing\n", to: "empty.pem")
        let missing = authority.path("missing.pem")
        func sentence(_ certificate: String, _ key: String, clients: String? = nil) -> String {
            do {
                let settings = TLSServerSettings(
                    certificates: [TLSCertificateFiles(certificate: certificate, key: key)],
                    clients: clients.map { TLSClientCheck(authorities: $0, isRequired: true) })
                _ = try TLSContext(server: settings, tickets: TLSTicketKeys())
                return "it can be used"
            } catch {
                return error.description
            }
        }
        #expect(sentence(certificate, key) == "it can be used")
        let noFile = "No such file or directory"
        #expect(sentence(missing, key) == "The certificate in \(missing) cannot be read: \(noFile)")
        #expect(sentence(certificate, missing) == "The private key in \(missing) cannot be read: \(noFile)")
        #expect(sentence(empty, key) == "\(empty) holds no certificate in the PEM format")
        #expect(sentence(key, key) == "\(key) holds no certificate in the PEM format")
        #expect(sentence(certificate, empty).contains(empty))
        #expect(
            sentence(certificate, other.key)
                == "The private key in \(other.key) is not that of the certificate in \(certificate)")
        // A pipe that nobody writes to would be waited for without end.
        let pipe = authority.path("pipe.pem")
        #expect(mkfifo(pipe, 0o600) == 0)
        for (what, said) in [
            ("certificate", sentence(pipe, key)), ("private key", sentence(certificate, pipe)),
            ("authorities", sentence(certificate, key, clients: pipe)),
        ] { #expect(said == "The \(what) in \(pipe) cannot be read: it is no plain file") }
        let locked = try authority.lock(key)
        #expect(
            sentence(certificate, locked)
                == "The private key in \(locked) is encrypted; take the passphrase off it")
        #expect(sentence("/", key) == "The certificate in / cannot be read: it is no plain file")
        #expect(sentence(certificate, key, clients: missing).contains(missing))
        #expect(
            sentence(certificate, key, clients: empty) == "\(empty) holds no certificate in the PEM format")
    }

    @Test("the end of the first certificate to end is known")
    func ends() throws {
        let server = try authority.server()
        let day = 24 * 3_600
        let now = TLSTestClock.wallSeconds
        #expect(server.notAfter > now + 19 * day && server.notAfter <= now + 20 * day + 1)
        #expect(server.ends == [server.notAfter])
    }
}
