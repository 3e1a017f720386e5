/// What the lines of changes have in common: the dictionary of the zstd frames in `changes.line`. A third of a line is left, most of
/// that hashes, titles and addresses.
///
/// Never edit it: the lines that are stored could not be read any more. A better dictionary gets another number, and stands beside
/// these.
enum LineDictionary {
    /// Of the frames that are written (RFC 8878 §5). Each has the dictionary's number.
    static let current = tables + fields

    /// Of the frames of schema 11, which have no number: only text, of the kind that the RFC calls "raw content".
    static let first = fields

    /// The magic number, the dictionary's number (2), and the entropy tables: how often which bytes, lengths and distances occur, so
    /// that no frame has to say it. ZDICT_finalizeDictionary (zdict.h) has made them from `fields` and 4,000 lines with titles and
    /// addresses of many feeds.
    private static let tables: [UInt8] = [
        0x37, 0xA4, 0x30, 0xEC, 0x02, 0x00, 0x00, 0x00, 0x35, 0x10, 0xC8, 0x92, 0xA4, 0x0D, 0xFF, 0xC7, 0xEF, 0xEE, 0x6E,
        0xFF, 0xEE, 0x96, 0x87, 0x5B, 0x6B, 0x6D, 0x6B, 0x84, 0x10, 0xDB, 0x08, 0x69, 0xA4, 0x59, 0xD2, 0x2D, 0xB2, 0xFB,
        0x19, 0xC6, 0xAE, 0xFD, 0x78, 0xED, 0x15, 0x45, 0xFF, 0x7F, 0x94, 0x44, 0x76, 0x77, 0xEF, 0x94, 0x52, 0x37, 0x79,
        0x6F, 0xD9, 0x0B, 0x51, 0x1C, 0xC3, 0x03, 0x00, 0x08, 0x08, 0x8A, 0x04, 0x43, 0xC1, 0x6A, 0x37, 0x00, 0x00, 0x04,
        0xE0, 0x45, 0xC7, 0x84, 0xC3, 0xC5, 0x03, 0x42, 0x43, 0x04, 0xC3, 0x86, 0x43, 0x05, 0x05, 0xA1, 0x41, 0x43, 0x74,
        0x39, 0x2C, 0x0C, 0x0D, 0x0E, 0x52, 0x34, 0xC4, 0x00, 0x20, 0xE5, 0x88, 0xF5, 0x66, 0x46, 0x30, 0x00, 0x00, 0x00,
        0x14, 0x8C, 0x65, 0xE2, 0x63, 0xC2, 0x58, 0x44, 0x16, 0x0A, 0x43, 0xC1, 0x50, 0x20, 0x18, 0x1E, 0x46, 0xA4, 0xC0,
        0x08, 0x6C, 0x24, 0x0B, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00,
    ]

    /// The words of the lines. A frame refers to the end of its dictionary with the fewest bits, so the fields of an update come last.
    private static let fields = Array(
        #"""
        "type":"tidings.stream.reset","type":"tidings.source.removed","type":"tidings.source.gap","type":"tidings.source.added","time":"\#
        "type":"tidings.source.state","time":"2027-01-02T03:04:05.678Z","sequence":"0000000000000000123","data":{"state":"failing","detail":"\#
        "data":{"state":"ok","data":{"state":"gone","kind":"page"}}}
        "type":"tidings.article.moved","time":"","moved_from":"\#
        "type":"tidings.article.duplicate_removed","time":"","reason":"file_deleted","reason":"declared","reason":"inferred",\#
        "reason":"page_gone","reason":"unsubscribed","type":"tidings.article.removed","time":"\#
        "type":"tidings.article.restored","time":"","type":"tidings.article.duplicate","time":"\#
        ,"forked_from":{"article":"","version":"changed":["title","changed":["title","text"],"class":"cosmetic","class":"counters",\#
        "class":"revert","class":"flap","class":"full_text","changed":["url"],"changed":["authors","tags","language"],"class":"metadata",\#
        "key":"https://www.example.com/index.php?p=","page":"https://www.example.net/blog/article/2027/01/","key":"urn:uuid:tag:content:
        {"specversion":"1.0","id":"123","source":"urn:uuid:01234567-89ab-4cde-8f01-23456789abcd","type":"tidings.article.created",\#
        "time":"2027-01-02T03:04:05.678Z","subject":"abcdefghijklmnopqrstuvwxyz","sequence":"0000000000000000123","data":{"version":1,\#
        "content_hash":"sha256:0123456789abcdef","backfill":true,"origin":{"source":"news","kind":"feed","key":"https://www.example.org/\#
        ","url":"https://www.example.org/news/2027/"},"item":{"title":"The ","url":"https://","date_published":"2027-01-02T03:04:05Z",\#
        "date_modified":"2027-01-02T03:04:05+00:00","authors":[{"name":"","url":"https://","email":""}],"language":"en-US",\#
        "tags":["News","Politics","World"]},"characters":4321}}
        {"specversion":"1.0","id":"124","source":"urn:uuid:01234567-89ab-4cde-8f01-23456789abcd","type":"tidings.article.updated",\#
        "time":"2027-01-02T03:04:05.678Z","subject":"abcdefghijklmnopqrstuvwxyz","sequence":"0000000000000000124","data":{"version":3,\#
        "previous_version":2,"content_hash":"sha256:0123456789abcdef","previous_content_hash":"sha256:0123456789abcdef",\#
        "changed":["text"],"class":"substantive","characters_added":56,"characters_removed":0,"origin":{"source":"news","kind":"folder",\#
        "key":"1.txt"},"item":{"title":"The ","date_published":"2027-01-02"},"characters":4321}}

        """#.utf8)
}
