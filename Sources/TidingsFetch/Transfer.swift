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
    /// Whether a hop runs.
    private(set) var isRunning = false
    /// The statuses that are followed.
    static let redirects = [301, 302, 303, 307, 308]

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

    /// The next hop, which is begun now.
    func beginHop() -> HopRequest {
        isRunning = true
        // An answer to a POST whose coding cannot be followed is not asked for again.
        decodes = request.post == nil && !isRefused && !codedAddresses.takeBareFetch(of: target)
        let remaining = request.limits.totalSeconds * 1000 - spentMilliseconds
        return HopRequest(
            url: target.text, fields: headersOfHop, cookies: cookies, userAgent: request.userAgent, limits: request.limits,
            // Not 0, "which means it never times out during transfer" (CURLOPT_TIMEOUT_MS(3)).
            timeoutMilliseconds: max(remaining, 1), caFile: request.caFile, allowsPrivateNetwork: request.allowsPrivateNetwork,
            proxy: request.proxy.proxy(for: target), decodes: decodes, post: request.post)
    }

    /// Judges a hop that has ended.
    func endHop(_ hop: HopEnd) -> Step {
        isRunning = false
        spentMilliseconds += hop.milliseconds
        do throws(FetchError) {
            guard try follows(hop) else { return .finish(.success(try response(hop))) }
            if request.keepsCookies { cookies = hop.cookies }
            return .follow
        } catch {
            return .finish(.failure(error))
        }
    }

    /// Whether another hop is to follow, which `target` is set for.
    private func follows(_ hop: HopEnd) throws(FetchError) -> Bool {
        if decodes, hop.refusesCoding {
            // libcurl knows of the coding when the body comes, and gives the body up. Asked again without decoding, it gives the
            // bytes as they are.
            codedAddresses.insert(target)
            isRefused = true
            return true
        }
        if request.post != nil, hop.isAnswerCut { return false }
        guard hop.curlCode == CURLE_OK, hop.refusal == nil else { throw error(hop) }
        guard request.post == nil, Self.redirects.contains(hop.status), let location = hop.redirectURL else { return false }
        if hop.headers["Set-Cookie"] != nil { wasOfferedCookies = true }
        try follow(location, status: hop.status)
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

    private func response(_ hop: HopEnd) throws(FetchError) -> FetchResponse {
        if request.post != nil { return response(hop, body: hop.body, oddCoding: nil) }
        let body: BareBody
        do throws(BareBody.Failure) {
            body = try BareBody(hop.body, headers: hop.headers, isDecoded: decodes, limits: request.limits)
        } catch {
            throw FetchError(url: target.text, reason: FetchError.Reason(error, limits: request.limits))
        }
        return response(hop, body: body.bytes, oddCoding: body.oddCoding)
    }

    private func response(_ hop: HopEnd, body: [UInt8], oddCoding: String?) -> FetchResponse {
        FetchResponse(
            status: hop.status, body: body, finalURL: target.text, hops: hops, headers: hop.headers, httpVersion: hop.httpVersion,
            oddCoding: oddCoding)
    }

    private func error(_ hop: HopEnd) -> FetchError {
        let reason = FetchError.Reason(
            hop, isProxied: request.proxy.proxy(for: target) != nil, elapsedSeconds: (spentMilliseconds + 500) / 1000,
            limits: request.limits)
        let came = hop.refusal == nil && hop.isHeaderComplete && hop.status == 200 && !hop.body.isEmpty
        return FetchError(
            url: target.text, reason: reason, detail: hop.detail, received: came && reason.leavesBody ? try? response(hop) : nil)
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
