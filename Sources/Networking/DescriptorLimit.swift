import Glibc

/// How many descriptors, and so connections, the process may hold.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one, and says what it is now.
    @discardableResult
    package static func raise() throws(SystemError) -> Int {
        var limit = rlimit()
        try checkedCall("getrlimit") { getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            try checkedCall("setrlimit") { setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
