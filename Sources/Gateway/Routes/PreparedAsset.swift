import BrowserClient
import Compression

/// A file for browsers with all its forms, made once for all workers.
struct PreparedAsset: Sendable {
    /// A file and its gzip form; nil where that would save nothing worth mentioning.
    let asset: BrowserAsset
    let gzip: [UInt8]?

    /// Every file, compressed at the first use.
    static let all = BrowserAssets.all.map(Self.init)

    /// Smaller files fit in one packet with their head.
    private static let minimumBytes = 1_024

    init(_ asset: BrowserAsset) {
        self.asset = asset
        let isText = asset.contentType.hasPrefix("text/") || asset.contentType.hasPrefix("image/svg+xml")
        guard isText, asset.bytes.count >= Self.minimumBytes else {
            gzip = nil
            return
        }
        let compressed = Gzip.bytes(of: asset.bytes.span)
        gzip = compressed.count < asset.bytes.count ? compressed : nil
    }
}
