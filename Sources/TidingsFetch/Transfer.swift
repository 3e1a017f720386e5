import CCurl

/// One fetch on its way: over all its hops, from the turn of its order to the answer. Lives on the transfer thread.
///
/// Redirects are followed here and not by libcurl, so that each hop is checked, recorded, and waits in its own host's
/// line.
final class Transfer {
    /// What to do when a hop has ended.
    enum Step {
        case finish(Result<FetchResponse, FetchError>)
        /// Queue again, for `target`.
        case follow
    }

    let id: UInt64
    /// Where the current hop goes.
    private(set) var target: CurlURL
    private let origin: CurlURL
    private let request: FetchRequest
    private let end: @Sendable (Result<FetchResponse, FetchError>) -> Void
    private var hops: [Hop] = []
    private var spentMilliseconds = 0
    /// While a hop runs.
    private(set) var handle: EasyHandle?

    init(_ id: UInt64, _ begun: BegunFetch, to origin: CurlURL) throws(FetchError) {
        self.id = id
        request = begun.request
        end = begun.end
        self.origin = origin
        target = origin
        try request.checkHeaders(url: origin)
    }

    /// Hands the result to whoever asked; once, and last.
    func finish(_ result: Result<FetchResponse, FetchError>) { end(result) }

    func fail(_ reason: FetchError.Reason, _ detail: String = "") {
        finish(.failure(FetchError(url: target.text, reason: reason, detail: detail)))
    }

    /// Takes the handle that the next hop is to run on, and makes it ready.
    func beginHop(on handle: EasyHandle) {
        self.handle = handle
        let remaining = request.limits.totalSeconds * 1000 - spentMilliseconds
        // Not 0, "which means it never times out during transfer" (CURLOPT_TIMEOUT_MS(3)).
        handle.aim(
            at: target, headers: headersOfHop, request: request, timeoutMilliseconds: max(remaining, 1))
    }

    /// Lets go of the handle of a hop that libcurl has ended with `code`, and judges the hop.
    func endHop(_ code: CURLcode) -> Step {
        guard let handle else { preconditionFailure("a hop ended that never began") }
        self.handle = nil
        spentMilliseconds += handle.totalMilliseconds
        guard code == CURLE_OK else { return .finish(.failure(error(code, of: handle))) }
        let status = handle.status
        guard [301, 302, 303, 307, 308].contains(status), let location = handle.redirectURL else {
            return .finish(.success(response(status: status, of: handle)))
        }
        do {
            try follow(location, status: status)
            return .follow
        } catch {
            return .finish(.failure(error))
        }
    }

    private func follow(_ location: String, status: Int) throws(FetchError) {
        guard hops.count < request.limits.maxRedirects else {
            throw FetchError(url: origin.text, reason: .tooManyRedirects(limit: request.limits.maxRedirects))
        }
        let next: CurlURL
        do throws(FetchError) {
            next = try CurlURL(location)
        } catch {
            guard error.reason == .forbiddenScheme else { throw error }
            // What a person can change is the address that led there.
            throw FetchError(url: target.text, reason: .redirectedAway(to: error.url))
        }
        if target.scheme == "https", next.scheme == "http" {
            throw FetchError(url: target.text, reason: .downgrade, detail: next.text)
        }
        hops.append(Hop(status: status, from: target.text, to: next.text))
        target = next
    }

    /// Validators go along on each hop, for it was the last one that gave them; other fields only to the host they were
    /// written for.
    private var headersOfHop: [HeaderField] {
        var fields: [HeaderField] = []
        if let etag = request.etag { fields.append(HeaderField("If-None-Match", etag)) }
        if let lastModified = request.lastModified { fields.append(HeaderField("If-Modified-Since", lastModified)) }
        return target.hasOrigin(of: origin) ? fields + request.headers : fields
    }

    private func response(status: Int, of handle: EasyHandle) -> FetchResponse {
        FetchResponse(
            status: status, body: handle.collector.body, finalURL: target.text, hops: hops,
            headers: handle.collector.headers, httpVersion: handle.httpVersion)
    }

    private func error(_ code: CURLcode, of handle: EasyHandle) -> FetchError {
        let reason = handle.collector.refusal(isConnected: code != CURLE_COULDNT_CONNECT)
            ?? FetchError.Reason(
                code, of: handle, elapsedSeconds: (spentMilliseconds + 500) / 1000, limits: request.limits)
        return FetchError(url: target.text, reason: reason, detail: handle.message(code))
    }
}

extension FetchRequest {
    /// A line break within a field would start another field.
    fileprivate func checkHeaders(url: CurlURL) throws(FetchError) {
        let own = [("User-Agent", userAgent), ("If-None-Match", etag), ("If-Modified-Since", lastModified)]
        for (name, value) in own + headers.map({ ($0.name, $0.value) }) {
            let isName = !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
            guard isName, isFieldValue(value ?? "") else { throw FetchError(url: url.text, reason: .badHeader(name: name)) }
        }
    }
}
