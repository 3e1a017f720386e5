import Glibc

/// Runs `body` in a UTF-8 locale, so that libcurl can convert international names. libidn2 reads them in the thread's locale
/// (idn2_lookup_ul(3)), which is plain ASCII in a daemon by default.
func withUTF8Names<Result>(_ body: () -> Result) -> Result {
    let before = unsafe uselocale(utf8Locale)
    defer { unsafe uselocale(before) }
    return body()
}

/// It is built into glibc, lives as long as the process and never changes.
nonisolated(unsafe) private let utf8Locale: locale_t? = unsafe newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
