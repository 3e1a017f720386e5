import CPSL
import CCurl
import TidingsCore

/// The registrable domain of the host of `url`, by the Public Suffix List (publicsuffix.org): `example.co.uk` for
/// `https://feeds.example.co.uk/x`. A server's request to come later applies to all its feeds. The result is the host itself if it
/// has no registrable domain, such as an IP address, `localhost` or a public suffix. It is lowercase, with international names in
/// IDNA form; nil if `url` is not an http or https URL.
package func registrableDomain(of url: String) -> String? {
    guard let host = try? CurlURL(url).host else { return nil }
    // No top-level domain ends in a digit, and each IPv4 address does.
    let isAddress = host.utf8.first == UInt8(ascii: "[") || host.utf8.last?.isASCIIDigit == true
    // A fully qualified name may end in a dot (RFC 3986 §3.2.2).
    let name = host.utf8.last == UInt8(ascii: ".") ? String(host.dropLast()) : host
    if isAddress { return name }
    // The result points into `name`, so it is copied before `name` is released.
    return unsafe name.withCString { name in
        unsafe String(cString: psl_registrable_domain(suffixes, name) ?? name)
    }
}

/// The newer one of Debian's list and the list that is built into the library. It lives as long as the process and never changes.
nonisolated(unsafe) private let suffixes: OpaquePointer? = unsafe psl_latest(nil)
