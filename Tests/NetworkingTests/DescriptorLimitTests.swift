import Glibc
import Networking
import Testing

@Suite("The limit of descriptors")
struct DescriptorLimitTests {
    @Test("the soft limit becomes the hard one and is reported")
    func raises() throws {
        let raised = try DescriptorLimit.raise()
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #expect(raised == Int(clamping: limit.rlim_cur) && limit.rlim_cur == limit.rlim_max)
    }
}
