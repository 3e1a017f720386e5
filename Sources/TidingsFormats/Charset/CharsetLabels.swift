import TidingsCore

/// The names that documents give to charsets, and the charsets that they mean (WHATWG Encoding §4.2). Some names mean
/// more than they say: text labelled `gb2312` or `shift_jis` uses the characters that Windows added.
enum CharsetLabels {
    /// The charset that `label` means; nil if it means none.
    static func name(of label: String) -> String? {
        let label = label.lowercased()
        if let name = aliases[label] ?? aliases[String(label.map { $0 == "_" ? "-" : $0 })] { return name }
        // A charset that no browser has, but this system may have: the label is its own name. Nothing that iconv_open
        // would read as an option is let through ("//TRANSLIT").
        guard !label.isEmpty, label.count <= 40,
            label.utf8.allSatisfy({
                $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                    || $0 == UInt8(ascii: ".")
            }),
            // Not allowed in documents (WHATWG Encoding §4.2, "replacement"): they can hide markup from filters.
            !label.hasPrefix("utf-7"), !label.hasPrefix("utf7"), label != "hz-gb-2312", !label.hasPrefix("iso-2022-cn")
        else { return nil }
        return label
    }

    /// Whether `label` is one of WHATWG's, and not only well formed.
    static func isKnown(_ label: String) -> Bool { aliases[label.lowercased()] != nil }

    /// The name of the charset for iconv(3).
    static func converterName(of name: String) -> String {
        switch name {
        case "shift_jis": "CP932"
        case "euc-kr": "CP949"
        case "gbk": "GB18030"
        case "big5": "BIG5-HKSCS"
        case "windows-874": "CP874"
        case "macintosh": "MACINTOSH"
        case "x-mac-cyrillic": "MAC-CYRILLIC"
        case "x-mac-icelandic": "MAC-IS"
        case "x-mac-ce": "MAC-CENTRALEUROPE"
        case "ibm858": "CP858"
        case "ptcp154": "PT154"
        case "kz-1048": "RK1048"
        default: name.uppercased()
        }
    }

    /// Whether every byte below 0x80 that stands alone is ASCII in the charset.
    static func extendsASCII(_ name: String) -> Bool {
        name.hasPrefix("windows-") || name.hasPrefix("iso-8859-") || name.hasPrefix("koi8-") || name.hasPrefix("gb")
            || name == "euc-kr" || name == "euc-jp" || name == "big5" || name == "macintosh" || name == "x-mac-cyrillic"
    }

    /// How many bytes to skip at an invalid sequence.
    static func unitBytes(of name: String) -> Int { name.hasPrefix("utf-16") ? 2 : name.hasPrefix("utf-32") ? 4 : 1 }

    private static let aliases: [String: String] = {
        let groups: [String: String] = [
            "utf-8": "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
            "us-ascii": "ascii ansi_x3.4-1968 iso646-us iso-ir-6 cp367 us",
            "windows-1252":
                "iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 latin1 latin-1 l1 cp1252 cp819 ibm819 iso-ir-100 x-cp1252 csisolatin1 ansi windows1252 x-user-defined",
            "iso-8859-2": "iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 latin2 latin-2 l2 csisolatin2 iso-ir-101",
            "iso-8859-3": "iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 latin3 l3 csisolatin3 iso-ir-109",
            "iso-8859-4": "iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 latin4 l4 csisolatin4 iso-ir-110",
            "iso-8859-5": "iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988 cyrillic csisolatincyrillic iso-ir-144",
            "iso-8859-6": "iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 arabic asmo-708 ecma-114 csisolatinarabic iso-ir-127",
            "iso-8859-7": "iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 greek greek8 ecma-118 elot_928 csisolatingreek iso-ir-126",
            "iso-8859-8":
                "iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 iso-8859-8-i iso-8859-8-e hebrew visual logical csisolatinhebrew iso-ir-138",
            "iso-8859-10": "iso8859-10 iso885910 latin6 l6 csisolatin6 iso-ir-157",
            "iso-8859-13": "iso8859-13 iso885913",
            "iso-8859-14": "iso8859-14 iso885914",
            "iso-8859-15": "iso8859-15 iso885915 iso_8859-15 latin9 latin-9 l9 csisolatin9",
            "iso-8859-16": "iso8859-16 iso885916 iso_8859-16",
            "windows-1250": "cp1250 x-cp1250 windows1250",
            "windows-1251": "cp1251 x-cp1251 windows1251 win-1251 cp-1251",
            "windows-1253": "cp1253 x-cp1253 windows1253",
            "windows-1254":
                "cp1254 x-cp1254 windows1254 iso-8859-9 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 latin5 l5 csisolatin5 iso-ir-148",
            "windows-1255": "cp1255 x-cp1255",
            "windows-1256": "cp1256 x-cp1256 windows1256",
            "windows-1257": "cp1257 x-cp1257",
            "windows-1258": "cp1258 x-cp1258",
            "windows-874": "tis-620 iso-8859-11 iso8859-11 iso885911 dos-874 cp874",
            "koi8-r": "koi koi8 koi8_r cskoi8r",
            "koi8-u": "koi8-ru",
            "ibm866": "866 cp866 csibm866",
            "macintosh": "mac csmacintosh x-mac-roman macroman mac-roman",
            "x-mac-cyrillic": "x-mac-ukrainian maccyrillic mac-cyrillic",
            "x-mac-greek": "macgreek mac-greek",
            "x-mac-turkish": "macturkish mac-turkish",
            "x-mac-icelandic": "maciceland mac-iceland",
            "x-mac-ce": "maccentraleurope mac-centeuro maclatin2 mac-latin2",
            "ptcp154": "pt154 cp154 csptcp154 cyrillic-asian",
            "kz-1048": "kz1048 rk1048 strk1048-2002",
            "ibm861": "cp861 861 cp-is csibm861",
            "ibm869": "cp869 869 cp-gr csibm869",
            "ibm858": "cp858 858 csibm858",
            "gbk": "gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 x-gbk cp936 euc-cn ms936",
            "gb18030": "gb-18030",
            "big5": "big5-hkscs cn-big5 csbig5 x-x-big5 cp950",
            "euc-jp": "cseucpkdfmtjapanese x-euc-jp eucjp",
            "shift_jis": "shift-jis sjis ms_kanji ms932 windows-31j x-sjis csshiftjis cp932",
            "iso-2022-jp": "csiso2022jp",
            "euc-kr":
                "cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 cp949 euckr",
            "utf-16le": "utf-16 utf16 utf-16-le utf16le unicode csunicode ucs-2 iso-10646-ucs-2 unicodefeff u16",
            "utf-16be": "unicodefffe utf-16-be utf16be",
            "utf-32le": "utf-32 utf32 utf-32-le ucs-4 csucs4 iso-10646-ucs-4 u32",
            "utf-32be": "utf-32-be utf32be",
        ]
        var names: [String: String] = [:]
        for (name, labels) in groups {
            names[name] = name
            for label in labels.split(separator: " ") { names[String(label)] = name }
        }
        return names
    }()
}
