import TestSupport
import TidingsFetch

/// A request to a loopback server, which the private network must be allowed for.
func request(
    _ url: String, etag: String? = nil, lastModified: String? = nil, headers: [HeaderField] = [],
    limits: FetchLimits = FetchLimits(), allowsPrivateNetwork: Bool = true
) -> FetchRequest {
    FetchRequest(
        url: url, etag: etag, lastModified: lastModified, userAgent: "tidings-tests/1", headers: headers,
        limits: limits, allowsPrivateNetwork: allowsPrivateNetwork)
}

func limits(_ change: (inout FetchLimits) -> Void) -> FetchLimits {
    var limits = FetchLimits()
    change(&limits)
    return limits
}

/// Why a fetch failed; nil if it did not.
func failure(of fetcher: Fetcher, _ request: FetchRequest) async -> FetchError? {
    do {
        _ = try await fetcher.fetch(request)
        return nil
    } catch {
        return error
    }
}
