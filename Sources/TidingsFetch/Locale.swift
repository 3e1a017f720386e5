import Glibc

/// Runs `body` where libcurl can read international names: it takes them in the thread's locale, which is plain ASCII
/// in a daemon that nobody gave another (libidn2, idn2_lookup_ul(3)).
func withUTF8Names<Result>(_ body: () -> Result) -> Result {
    let before = unsafe uselocale(utf8Locale)
    defer { unsafe uselocale(before) }
    return body()
}

/// glibc has it built in. It lives as long as the process, and nobody changes it.
nonisolated(unsafe) private let utf8Locale: locale_t? = unsafe newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
