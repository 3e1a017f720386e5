/// What the lines of changes have in common: the dictionary of the zstd frames in `changes.line`, of the kind that RFC 8878 §5 calls
/// "raw content". A third of a line is left, most of that hashes, titles and addresses.
///
/// Never edit it: the lines that are stored could not be read any more. A frame refers to the end of its dictionary with the fewest
/// bits, so the fields of an update come last.
enum LineDictionary {
    static let bytes = Array(
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
