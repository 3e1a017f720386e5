import TidingsFetch

extension FetchRequest {
    /// A request within the limits of the settings.
    /// - Parameter proxy: that of the source; nil for that of `fetch`.
    init(
        url: String, etag: String? = nil, lastModified: String? = nil, userAgent: String, fetch: FetchSettings, maxBodyBytes: Int,
        allowsPrivateNetwork: Bool, proxy: ProxySettings?
    ) {
        self.init(
            url: url, etag: etag, lastModified: lastModified, userAgent: userAgent, allowsPrivateNetwork: allowsPrivateNetwork)
        limits.maxBodyBytes = maxBodyBytes
        limits.connectSeconds = Int(fetch.connectTimeout.components.seconds)
        limits.totalSeconds = Int(fetch.totalTimeout.components.seconds)
        caFile = fetch.caFile
        self.proxy = (proxy ?? fetch.proxy).choice
    }
}
