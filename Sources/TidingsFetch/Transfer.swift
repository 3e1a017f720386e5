import CCurl

/// One fetch on its way: over all its hops, from the turn of its order to the answer. Lives on the transfer thread.
///
/// Redirects are followed here and not by libcurl, so that each hop is checked, recorded, and waits in its own host's
/// line.
final class Transfer {
    /// What to do when a hop has ended.
    enum Step {
        case finish(Result<FetchResponse, FetchError>)
        /// Queue again, for `target`: it is another one, or the same is to be asked for bare bytes.
        case follow
    }

    let id: UInt64
    /// Where the current hop goes.
    private(set) var target: CurlURL
    private let origin: CurlURL
    private let request: FetchRequest
    private let end: @Sendable (Result<FetchResponse, FetchError>) -> Void
    private var hops: [Hop] = []
    private let codedAddresses: CodedAddresses
    private var spentMilliseconds = 0
    /// Of the hops so far, as `EasyHandle.cookies` gives them.
    private var cookies: [String] = []
    private var wasOfferedCookies = false
    /// Whether libcurl could not follow the coding of the current target's body.
    private var isRefused = false
    /// Whether the current hop asks for content codings, and libcurl decodes them.
    private var decodes = true
    /// While a hop runs.
    private(set) var handle: EasyHandle?

    init(_ id: UInt64, _ begun: BegunFetch, to origin: CurlURL, _ codedAddresses: CodedAddresses) throws(FetchError) {
        self.id = id
        request = begun.request
        end = begun.end
        self.origin = origin
        self.codedAddresses = codedAddresses
        target = origin
        try request.checkHeaders(url: origin)
        try request.checkProxied(origin)
    }

    /// Hands the result to whoever asked; once, and last.
    func finish(_ result: Result<FetchResponse, FetchError>) { end(result) }

    func fail(_ reason: FetchError.Reason, _ detail: String = "") {
        finish(.failure(FetchError(url: target.text, reason: reason, detail: detail)))
    }

    /// Takes the handle that the next hop is to run on, and makes it ready.
    func beginHop(on handle: EasyHandle) {
        self.handle = handle
        // An answer to a POST whose coding cannot be followed is not asked for again.
        decodes = request.post == nil && !isRefused && !codedAddresses.takeBareFetch(of: target)
        let remaining = request.limits.totalSeconds * 1000 - spentMilliseconds
        // Not 0, "which means it never times out during transfer" (CURLOPT_TIMEOUT_MS(3)).
        handle.aim(
            at: target, headers: headersOfHop, cookies: cookies, request: request, decodes: decodes,
            timeoutMilliseconds: max(remaining, 1))
    }

    /// Lets go of the handle of a hop that libcurl has ended with `code`, and judges the hop.
    func endHop(_ code: CURLcode) -> Step {
        guard let handle else { preconditionFailure("a hop ended that never began") }
        self.handle = nil
        spentMilliseconds += handle.totalMilliseconds
        do throws(FetchError) {
            guard try follows(code, of: handle) else {
                return .finish(.success(try response(status: handle.status, of: handle)))
            }
            if request.keepsCookies { cookies = handle.cookies }
            return .follow
        } catch {
            return .finish(.failure(error))
        }
    }

    /// Whether another hop is to follow, which `target` is set for.
    private func follows(_ code: CURLcode, of handle: EasyHandle) throws(FetchError) -> Bool {
        if decodes, handle.refusesCoding(code) {
            // libcurl knows of the coding when the body comes, and gives the body up. Asked again without decoding, it gives the
            // bytes as they are.
            codedAddresses.insert(target)
            isRefused = true
            return true
        }
        if request.post != nil, handle.collector.isAnswerCut { return false }
        guard code == CURLE_OK else { throw error(code, of: handle) }
        guard request.post == nil, [301, 302, 303, 307, 308].contains(handle.status), let location = handle.redirectURL else { return false }
        if handle.collector.headers["Set-Cookie"] != nil { wasOfferedCookies = true }
        try follow(location, status: handle.status)
        return true
    }

    private func follow(_ location: String, status: Int) throws(FetchError) {
        guard hops.count < request.limits.maxRedirects else {
            throw FetchError(url: origin.text, reason: tooManyRedirects(to: location))
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
        try request.checkProxied(next)
        hops.append(Hop(status: status, from: target.text, to: next.text))
        target = next
        isRefused = false
    }

    private func tooManyRedirects(to location: String) -> FetchError.Reason {
        guard let next = try? CurlURL(location), next.text == target.text || hops.contains(where: { $0.from == next.text }) else {
            return .tooManyRedirects(limit: request.limits.maxRedirects)
        }
        if wasOfferedCookies, !request.keepsCookies { return .redirectCircle(.withoutCookies) }
        return .redirectCircle(next.text == target.text ? .toItself : .ofAddresses)
    }

    /// Validators go along on each hop, for it was the last one that gave them; other fields only to the host they were
    /// written for.
    private var headersOfHop: [HeaderField] {
        var fields: [HeaderField] = []
        if let etag = request.etag { fields.append(HeaderField("If-None-Match", etag)) }
        if let lastModified = request.lastModified { fields.append(HeaderField("If-Modified-Since", lastModified)) }
        return target.hasOrigin(of: origin) ? fields + request.headers : fields
    }

    private func response(status: Int, of handle: EasyHandle) throws(FetchError) -> FetchResponse {
        let collector = handle.collector
        if request.post != nil {
            return FetchResponse(
                status: status, body: collector.body, finalURL: target.text, hops: hops, headers: collector.headers,
                httpVersion: handle.httpVersion, oddCoding: nil)
        }
        let body: BareBody
        do throws(BareBody.Failure) {
            body = try BareBody(collector.body, headers: collector.headers, isDecoded: decodes, limits: request.limits)
        } catch {
            throw FetchError(url: target.text, reason: FetchError.Reason(error, limits: request.limits))
        }
        return FetchResponse(
            status: status, body: body.bytes, finalURL: target.text, hops: hops, headers: collector.headers,
            httpVersion: handle.httpVersion, oddCoding: body.oddCoding)
    }

    private func error(_ code: CURLcode, of handle: EasyHandle) -> FetchError {
        if let refusal = handle.collector.refusal(isConnected: code != CURLE_COULDNT_CONNECT) {
            return FetchError(url: target.text, reason: refusal, detail: handle.message(code))
        }
        let reason = FetchError.Reason(
            code, of: handle, isProxied: request.proxy.proxy(for: target) != nil, elapsedSeconds: (spentMilliseconds + 500) / 1000, limits: request.limits)
        let came = handle.collector.isHeaderComplete && handle.status == 200 && !handle.collector.body.isEmpty
        return FetchError(
            url: target.text, reason: reason, detail: handle.message(code),
            received: came && reason.leavesBody ? try? response(status: 200, of: handle) : nil)
    }
}

extension FetchRequest {
    /// A proxy would connect to its own machine or network.
    fileprivate func checkProxied(_ url: CurlURL) throws(FetchError) {
        guard !allowsPrivateNetwork, proxy.proxy(for: url) != nil else { return }
        let isLocal = url.host == "localhost" || url.host.hasSuffix(".localhost")
        if isLocal || NetworkAddress(literal: url.host)?.isPublic == false {
            throw FetchError(url: url.text, reason: .forbiddenAddress(url.host))
        }
    }

    /// A line break within a field would start another field.
    fileprivate func checkHeaders(url: CurlURL) throws(FetchError) {
        let own = [("User-Agent", userAgent), ("If-None-Match", etag), ("If-Modified-Since", lastModified)]
        for (name, value) in own + headers.map({ ($0.name, $0.value) }) {
            let isName = !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
            guard isName, isFieldValue(value ?? "") else { throw FetchError(url: url.text, reason: .badHeader(name: name)) }
        }
    }
}
