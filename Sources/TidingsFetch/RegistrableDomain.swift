import CPSL
import CCurl
import TidingsCore

/// What one holder has under a public suffix: `example.co.uk` of `https://feeds.example.co.uk/x`, by the Public Suffix
/// List (publicsuffix.org). It is the unit that a server's "later" is meant for. A host that has none above it, such
/// as an IP address, `localhost` or a public suffix itself, stands for itself. Lowercase, international names as IDNA
/// writes them; nil if `url` is no http or https URL.
package func registrableDomain(of url: String) -> String? {
    guard let host = try? CurlURL(url).host else { return nil }
    // No top-level domain ends in a digit, and each IPv4 address does.
    let isAddress = host.utf8.first == UInt8(ascii: "[") || host.utf8.last?.isASCIIDigit == true
    // The dot of a name that is written in full (RFC 3986 §3.2.2).
    let name = host.utf8.last == UInt8(ascii: ".") ? String(host.dropLast()) : host
    if isAddress { return name }
    // What is found is a part of what was given.
    return unsafe name.withCString { name in
        unsafe String(cString: psl_registrable_domain(suffixes, name) ?? name)
    }
}

/// The newer of Debian's list and the one built into the library. It lives as long as the process, and nobody changes
/// it.
nonisolated(unsafe) private let suffixes: OpaquePointer? = unsafe psl_latest(nil)
