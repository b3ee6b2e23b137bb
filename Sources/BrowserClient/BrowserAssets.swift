/// stand-in until the page is merged
package struct BrowserAsset { package let path: String; package let contentType: String; package let etag: String; package let bytes: [UInt8] }
/// stand-in until the page is merged
package enum BrowserAssets { package static let all: [BrowserAsset] = [] }
