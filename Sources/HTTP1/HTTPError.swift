/// A rule of HTTP/1.1 that a request broke. The connection answers with `status` and closes: after a framing
/// error nobody knows where the next request would begin.
package enum HTTPError: String, Error, Sendable, CaseIterable {
    case malformedRequestLine
    case malformedTarget
    case methodNotImplemented
    case unsupportedVersion
    case requestLineTooLong
    case bareCarriageReturn
    case bareLineFeed
    case malformedField
    case foldedField
    case headerTooLarge
    case tooManyFields
    case missingHost
    case repeatedHost
    case malformedHost
    case conflictingHost
    case malformedContentLength
    case repeatedContentLength
    case lengthAndTransferEncoding
    case transferEncodingInOldVersion
    case malformedTransferEncoding
    case unsupportedTransferEncoding
    case unsupportedExpectation
    case bodyTooLarge
    case malformedChunk
    case forbiddenTrailer
    case unwritableField

    /// The status code of the answer.
    package var status: HTTPStatus {
        switch self {
        case .unsupportedVersion: .httpVersionNotSupported
        case .requestLineTooLong: .uriTooLong
        case .headerTooLarge, .tooManyFields: .requestHeaderFieldsTooLarge
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedTransferEncoding, .methodNotImplemented: .notImplemented
        case .unsupportedExpectation: .expectationFailed
        case .unwritableField: .internalServerError
        default: .badRequest
        }
    }

    /// What was wrong, for the person who reads the answer.
    package var sentence: String {
        switch self {
        case .malformedRequestLine:
            "The request line is not method, target and version with single spaces between."
        case .malformedTarget: "The request target is neither a path nor a whole http address."
        case .methodNotImplemented: "CONNECT is not implemented: this is no proxy."
        case .unsupportedVersion: "Only HTTP/1.1 and HTTP/1.0 are spoken here."
        case .requestLineTooLong: "The request line is too long."
        case .bareCarriageReturn: "A carriage return stands without its line feed."
        case .bareLineFeed: "A line ends without a carriage return."
        case .malformedField: "A field line is not a name, a colon and a value of visible characters."
        case .foldedField: "A field value goes on in the next line, which HTTP no longer allows."
        case .headerTooLarge: "The header section is too large."
        case .tooManyFields: "The header section has too many fields."
        case .missingHost: "The Host field is missing."
        case .repeatedHost: "The Host field stands more than once."
        case .malformedHost: "The Host field is not a host and port."
        case .conflictingHost: "The Host field names another host than the target does."
        case .malformedContentLength: "Content-Length is not a decimal number."
        case .repeatedContentLength: "Content-Length stands more than once."
        case .lengthAndTransferEncoding: "Content-Length and Transfer-Encoding stand together."
        case .transferEncodingInOldVersion: "Transfer-Encoding does not exist in HTTP/1.0."
        case .malformedTransferEncoding: "Transfer-Encoding must end in chunked, which stands there once."
        case .unsupportedTransferEncoding: "The only transfer encoding understood is chunked."
        case .unsupportedExpectation: "The only expectation understood is 100-continue."
        case .bodyTooLarge: "The body is too large."
        case .malformedChunk: "The chunked body is malformed."
        case .forbiddenTrailer: "A field behind the chunked body may only stand before it."
        case .unwritableField: "A field of the answer could not be written."
        }
    }
}
