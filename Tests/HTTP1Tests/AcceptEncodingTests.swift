import HTTP1
import Testing

@Suite("RFC 9110 §12.5.3 Accept-Encoding")
struct AcceptEncodingTests {
    @Test(
        "gzip is chosen where it is taken at least as gladly as the plain bytes",
        arguments: [
            "gzip", "GZIP", "x-gzip", "deflate, gzip, br", "gzip;q=0.001", "gzip; q=0.5", "gzip ;Q=1.000",
            "*", "*;q=0.1", "identity;q=0, *", "identity;q=0.5, gzip;q=0.5", "br;q=1.0, gzip;q=0.8, *;q=0.1",
            ", gzip", "identity;q=x, gzip",
        ])
    func choosesGzip(_ value: String) {
        #expect(AcceptEncoding(["Accept-Encoding": value]).prefersGzip)
    }

    @Test(
        "otherwise nothing is coded",
        arguments: [
            "", "identity", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "identity, gzip;q=0.5",
            "*, gzip;q=0.9", "gzip;q=1.001", "gzip;q=2", "gzip;q=", "gzip;q=0.0001", "gzip;q=-1",
            "gzip;level=1",
            "gzipped", "identity;q=0",
        ])
    func choosesNothing(_ value: String) {
        #expect(!AcceptEncoding(["Accept-Encoding": value]).prefersGzip)
    }

    @Test("several lines are one list; without the field nothing is coded")
    func readsLines() {
        #expect(AcceptEncoding(["Accept-Encoding": "br", "accept-encoding": "gzip"]).prefersGzip)
        #expect(!AcceptEncoding([:]).prefersGzip)
    }
}
