import TidingsCore

// Hops as JSON. What has the usual value is left out.

extension HopRequest {
    func write(into json: inout JSONWriter) {
        json.field("url", url)
        json.array("fields", fields) { json, field in
            json.object { json in
                json.field("name", field.name)
                json.field("value", field.value)
            }
        }
        json.array("cookies", cookies) { $0.string($1) }
        json.field("user_agent", userAgent)
        json.field("timeout_ms", timeoutMilliseconds)
        json.field("connect_timeout", limits.connectSeconds)
        json.field("max_body", limits.maxBodyBytes)
        json.field("max_header", limits.maxHeaderBytes)
        json.field("low_speed", limits.lowSpeedBytesPerSecond)
        json.field("low_speed_time", limits.lowSpeedSeconds)
        json.field("ca_file", caFile)
        if allowsPrivateNetwork { json.field("private_network", true) }
        json.field("proxy", proxy?.url)
        json.field("proxy_credentials", proxy?.credentials)
        if !decodes { json.field("decodes", false) }
    }

    init?(_ json: JSONTree) {
        guard let url = json["url"]?.string, let userAgent = json["user_agent"]?.string, let timeout = json["timeout_ms"]?.integer,
            let connect = json["connect_timeout"]?.integer, let maxBody = json["max_body"]?.integer,
            let maxHeader = json["max_header"]?.integer, let lowSpeed = json["low_speed"]?.integer,
            let lowSpeedTime = json["low_speed_time"]?.integer
        else { return nil }
        var fields: [HeaderField] = []
        for field in json["fields"]?.elements ?? [] {
            guard let name = field["name"]?.string, let value = field["value"]?.string else { return nil }
            fields.append(HeaderField(name, value))
        }
        var limits = FetchLimits()
        limits.connectSeconds = connect
        limits.maxBodyBytes = maxBody
        limits.maxHeaderBytes = maxHeader
        limits.lowSpeedBytesPerSecond = lowSpeed
        limits.lowSpeedSeconds = lowSpeedTime
        self.init(
            url: url, fields: fields, cookies: json["cookies"]?.strings ?? [], userAgent: userAgent, limits: limits,
            timeoutMilliseconds: max(timeout, 1), caFile: json["ca_file"]?.string,
            allowsPrivateNetwork: json["private_network"]?.bool ?? false,
            proxy: json["proxy"]?.string.map { Proxy(url: $0, credentials: json["proxy_credentials"]?.string) },
            decodes: json["decodes"]?.bool ?? true)
    }
}

extension HopEnd {
    /// Without header and body.
    func write(into json: inout JSONWriter) {
        json.field("code", Int(code))
        if let refusal {
            json.field("refusal", refusal.name)
            if case .address(let address) = refusal { json.field("address", address) }
        }
        if !detail.isEmpty { json.field("detail", detail) }
        json.field("status", status)
        if isHeaderComplete { json.field("header_complete", true) }
        json.field("http", httpVersion.rawValue)
        json.field("redirect", redirectURL)
        json.array("cookies", cookies) { $0.string($1) }
        json.field("ms", milliseconds)
        if hasNoRoute { json.field("no_route", true) }
        if isRefusedByProxy { json.field("refused_by_proxy", true) }
        if isCertificateOutOfDate { json.field("certificate_out_of_date", true) }
    }

    init?(_ json: JSONTree) {
        guard let code = json["code"]?.integer.flatMap(UInt32.init(exactly:)), let status = json["status"]?.integer,
            let version = json["http"]?.string.flatMap(FetchResponse.HTTPVersion.init), let milliseconds = json["ms"]?.integer
        else { return nil }
        self.init(code: code)
        if let name = json["refusal"]?.string {
            guard let refusal = Refusal(name, address: json["address"]?.string) else { return nil }
            self.refusal = refusal
        }
        detail = json["detail"]?.string ?? ""
        self.status = status
        isHeaderComplete = json["header_complete"]?.bool ?? false
        httpVersion = version
        redirectURL = json["redirect"]?.string
        cookies = json["cookies"]?.strings ?? []
        self.milliseconds = milliseconds
        hasNoRoute = json["no_route"]?.bool ?? false
        isRefusedByProxy = json["refused_by_proxy"]?.bool ?? false
        isCertificateOutOfDate = json["certificate_out_of_date"]?.bool ?? false
    }
}

extension HopEnd.Refusal {
    fileprivate var name: String {
        switch self {
        case .bodyTooLarge: "body"
        case .headersTooLarge: "header"
        case .address: "address"
        case .noWorker: "worker"
        case .noMemory: "memory"
        }
    }

    fileprivate init?(_ name: String, address: String?) {
        switch (name, address) {
        case ("body", _): self = .bodyTooLarge
        case ("header", _): self = .headersTooLarge
        case ("address", let address?): self = .address(address)
        case ("memory", _): self = .noMemory
        default: return nil
        }
    }
}
