/// Single-byte charsets that the C library does not have.
enum SingleByteTables {
    /// `bytes` in UTF-8; nil if the charset is none of these.
    static func decode(_ bytes: ArraySlice<UInt8>, charset: String) -> [UInt8]? {
        guard let table = tables[charset] else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 4)
        for byte in bytes {
            if byte < 0x80 { text.append(byte) } else { text += table[Int(byte - 0x80)] }
        }
        return text
    }

    /// The characters of 0x80…0xFF, each in UTF-8.
    private static let tables: [String: [[UInt8]]] = rows.mapValues { row in row.unicodeScalars.map { Array(String($0).utf8) } }

    private static let rows: [String: String] = [
        "x-mac-greek":
            "Ä¹²É³ÖÜ΅àâä΄¨çéèêë£™îï•½‰ôö¦€ùûü"
            + "†ΓΔΘΛΞΠß®©ΣΪ§≠°·Α±≤≥¥ΒΕΖΗΙΚΜΦΫΨΩ"
            + "άΝ¬ΟΡ≈Τ«»…\u{A0}ΥΧΆΈœ–―“”‘’÷ΉΊΌΎέήίόΏ"
            + "ύαβψδεφγηιξκλμνοπώρστθωςχυζϊϋΐΰ\u{AD}",
        "x-mac-turkish":
            "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü"
            + "†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø"
            + "¿¡¬√ƒ≈∆«»…\u{A0}ÀÃÕŒœ–—“”‘’÷◊ÿŸĞğİıŞş"
            + "‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{F8FF}ÒÚÛÙ\u{F8A0}ˆ˜¯˘˙˚¸˝˛ˇ",
    ]
}
