/// The addresses that have named a content coding that libcurl refuses. For a while they are asked for bare bytes at once: each would
/// cost two requests otherwise. Only memory. Lives on the transfer thread.
final class CodedAddresses {
    private var fetchesLeft: [String: Int] = [:]
    /// After so many fetches it is seen whether the server was mended.
    static let bareFetches = 50
    /// Far more than there are such servers.
    private static let limit = 1_024

    func insert(_ url: CurlURL) {
        if fetchesLeft.count >= Self.limit { fetchesLeft = [:] }
        fetchesLeft[url.text] = Self.bareFetches
    }

    /// Whether the fetch that begins now is to ask for bare bytes.
    func takeBareFetch(of url: CurlURL) -> Bool {
        guard let left = fetchesLeft[url.text] else { return false }
        fetchesLeft[url.text] = left > 1 ? left - 1 : nil
        return true
    }
}
