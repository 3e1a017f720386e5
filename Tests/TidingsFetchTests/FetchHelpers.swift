import TestSupport
import TidingsFetch

/// A request to a loopback server, which the private network must be allowed for.
func request(
    _ url: String, etag: String? = nil, lastModified: String? = nil, headers: [HeaderField] = [],
    limits: FetchLimits = FetchLimits(), caFile: String? = nil, allowsPrivateNetwork: Bool = true
) -> FetchRequest {
    var request = FetchRequest(
        url: url, etag: etag, lastModified: lastModified, userAgent: "tidings-tests/1", headers: headers,
        limits: limits, allowsPrivateNetwork: allowsPrivateNetwork)
    request.caFile = caFile
    return request
}

/// Of a fetcher that lets a loopback server have no rest, but where the delay is what is tested.
let withoutDelay = {
    var limits = FetcherLimits()
    limits.hostDelayMilliseconds = 0
    return limits
}()

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
