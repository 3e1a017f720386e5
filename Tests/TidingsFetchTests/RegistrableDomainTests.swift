import Testing
import TidingsFetch

@Test("what one holder has under a public suffix", arguments: [
    ("https://example.org/feed", "example.org"), ("https://feeds.news.example.org/x", "example.org"),
    ("https://Feeds.Example.CO.UK/", "example.co.uk"), ("http://www.gov.kz/", "www.gov.kz"),
    ("http://sub.www.gov.kz/", "www.gov.kz"), ("http://example.org.:8080/", "example.org"),
    // A suffix that private parties register under, and one by itself.
    ("https://aigul.github.io/feed", "aigul.github.io"), ("https://github.io/", "github.io"),
    ("http://localhost:8080/", "localhost"), ("http://intranet/", "intranet"),
    ("http://192.168.1.10/", "192.168.1.10"), ("http://2130706433/", "127.0.0.1"), ("http://[2A00:1450::1]/", "[2a00:1450::1]"),
    ("https://www.Bücher.example/", "xn--bcher-kva.example"), ("https://www.xn--bcher-kva.example/", "xn--bcher-kva.example"),
    ("https://user:secret@feeds.example.org/", "example.org"),
    ("example.org", nil), ("mailto:desk@example.org", nil), ("", nil),
] as [(String, String?)])
func findsRegistrableDomain(url: String, domain: String?) {
    #expect(registrableDomain(of: url) == domain)
}
