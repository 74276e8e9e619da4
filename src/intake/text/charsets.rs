//! The encodings that lists come in, by the names that people know them by.
//!
//! Those of the web are read by `encoding_rs`; the code pages of DOS, which command-line tools and old programs still write, by the
//! tables here (from the mappings that the Unicode Consortium publishes). A byte that an encoding does not have, or has as a
//! control character, becomes U+FFFD: a finding in its row, never a letter dropped in silence.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::base::problem::Problem;

#[derive(Clone, Copy, Debug)]
pub struct Charset {
    /// As it is shown and as `--encoding` takes it.
    pub name: &'static str,
    how: How,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Web(&'static Encoding),
    /// What the bytes 128 to 255 are.
    Page(&'static str),
}

impl PartialEq for Charset {
    fn eq(&self, other: &Charset) -> bool {
        self.name == other.name
    }
}

impl Charset {
    /// The encoding that somebody names, in any of its usual names.
    pub fn named(name: &str) -> Result<Charset, Problem> {
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
        };
        let wanted = plain(name);
        let spelled = |(shown, others, _): &&(&str, &str, How)| {
            plain(shown) == wanted || others.split_whitespace().any(|other| other == wanted)
        };
        let known = KNOWN.iter().find(spelled).map(|(name, _, how)| Charset { name, how: *how });
        known.ok_or_else(|| {
            let names: Vec<&str> = KNOWN.iter().map(|(name, ..)| *name).collect();
            Problem::unusable(
                format!(
                    "There is no encoding “{}”.",
                    name.chars().filter(|c| !c.is_control()).take(40).collect::<String>()
                ),
                format!("Write one of {}.", names.join(", ")),
            )
        })
    }

    pub fn utf8() -> Charset {
        Charset { name: "utf-8", how: How::Web(encoding_rs::UTF_8) }
    }

    /// Those that a list without a mark may be in, besides UTF-8 and UTF-16; the likelier first.
    pub fn candidates() -> impl Iterator<Item = Charset> {
        KNOWN.iter().filter(|(name, ..)| !name.starts_with("utf")).map(|(name, _, how)| Charset { name, how: *how })
    }

    /// The one that a detector means.
    pub fn of(encoding: &'static Encoding) -> Option<Charset> {
        Charset::candidates().find(|c| matches!(c.how, How::Web(known) if known == encoding))
    }

    /// Whether a letter may take more than one byte.
    pub fn is_multibyte(self) -> bool {
        matches!(self.how, How::Web(web) if !web.is_single_byte())
    }

    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        let text: Cow<'_, str> = match self.how {
            How::Web(web) => web.decode_with_bom_removal(bytes).0,
            How::Page(page) => {
                let upper: Vec<char> = page.chars().collect();
                let read = |b: &u8| match b.checked_sub(128) {
                    None => char::from(*b),
                    Some(at) => upper.get(usize::from(at)).copied().unwrap_or('\u{fffd}'),
                };
                Cow::Owned(bytes.iter().map(read).collect())
            }
        };
        let control = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
        if text.contains(control) { Cow::Owned(text.replace(control, "\u{fffd}")) } else { text }
    }
}

/// Name, other spellings without signs, how it is read.
static KNOWN: [(&str, &str, How); 34] = [
    ("utf-8", "utf8bom utf8sig unicode", How::Web(encoding_rs::UTF_8)),
    ("utf-16le", "utf16 utf16little ucs2", How::Web(encoding_rs::UTF_16LE)),
    ("utf-16be", "utf16big", How::Web(encoding_rs::UTF_16BE)),
    ("windows-1252", "cp1252 1252 ansi latin1 iso88591 western windows", How::Web(encoding_rs::WINDOWS_1252)),
    ("windows-1250", "cp1250 1250 centraleuropean", How::Web(encoding_rs::WINDOWS_1250)),
    ("windows-1251", "cp1251 1251 cyrillic", How::Web(encoding_rs::WINDOWS_1251)),
    ("windows-1253", "cp1253 1253 greek", How::Web(encoding_rs::WINDOWS_1253)),
    ("windows-1254", "cp1254 1254 turkish latin5 iso88599", How::Web(encoding_rs::WINDOWS_1254)),
    ("windows-1255", "cp1255 1255 hebrew", How::Web(encoding_rs::WINDOWS_1255)),
    ("windows-1256", "cp1256 1256 arabic", How::Web(encoding_rs::WINDOWS_1256)),
    ("windows-1257", "cp1257 1257 baltic", How::Web(encoding_rs::WINDOWS_1257)),
    ("windows-1258", "cp1258 1258 vietnamese", How::Web(encoding_rs::WINDOWS_1258)),
    ("iso-8859-2", "latin2 88592", How::Web(encoding_rs::ISO_8859_2)),
    ("iso-8859-15", "latin9 885915", How::Web(encoding_rs::ISO_8859_15)),
    ("iso-8859-5", "88595", How::Web(encoding_rs::ISO_8859_5)),
    ("iso-8859-7", "88597", How::Web(encoding_rs::ISO_8859_7)),
    ("iso-8859-13", "latin7 885913", How::Web(encoding_rs::ISO_8859_13)),
    ("mac", "macroman macintosh xmacroman macosroman", How::Web(encoding_rs::MACINTOSH)),
    ("mac-cyrillic", "xmaccyrillic", How::Web(encoding_rs::X_MAC_CYRILLIC)),
    ("koi8-r", "koi8", How::Web(encoding_rs::KOI8_R)),
    ("koi8-u", "", How::Web(encoding_rs::KOI8_U)),
    ("shift_jis", "sjis cp932 windows31j mskanji japanese", How::Web(encoding_rs::SHIFT_JIS)),
    ("euc-jp", "ujis", How::Web(encoding_rs::EUC_JP)),
    ("gbk", "gb2312 gb18030 cp936 chinese simplifiedchinese", How::Web(encoding_rs::GBK)),
    ("big5", "cp950 big5hkscs traditionalchinese", How::Web(encoding_rs::BIG5)),
    ("euc-kr", "cp949 ksc5601 uhc korean windows949", How::Web(encoding_rs::EUC_KR)),
    ("cp850", "ibm850 850 dos", How::Page(CP850)),
    ("cp437", "ibm437 437 dosus oem", How::Page(CP437)),
    ("cp852", "ibm852 852", How::Page(CP852)),
    ("cp866", "ibm866 866", How::Web(encoding_rs::IBM866)),
    ("cp857", "ibm857 857", How::Page(CP857)),
    ("cp737", "ibm737 737", How::Page(CP737)),
    ("cp775", "ibm775 775", How::Page(CP775)),
    ("mac-ce", "maccentraleurope maclatin2 xmacce maccentraleuroperoman", How::Page(MAC_CE)),
];

const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

const CP852: &str = "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐\
    └┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}";

const CP857: &str = "ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\u{fffd}ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\u{fffd}×ÚÛÙìÿ¯´\u{ad}±\u{fffd}¾¶§÷¸°¨·¹³²■\u{a0}";

const CP737: &str = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ωάέήϊίόύϋώΆΈΉΊΌΎΏ±≥≤ΪΫ÷≈°∙·√ⁿ²■\u{a0}";

const CP775: &str = "ĆüéāäģåćłēŖŗīŹÄÅÉæÆōöĢ¢ŚśÖÜø£Ø×¤ĀĪóŻżź”¦©®¬½¼Ł«»░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐\
    └┴┬├─┼ŲŪ╚╔╩╦╠═╬Žąčęėįšųūž┘┌█▄▌▐▀ÓßŌŃõÕµńĶķĻļņĒŅ’\u{ad}±“¾¶§÷„°∙·¹³²■\u{a0}";

const MAC_CE: &str = "ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅ\
    ņŃ¬√ńŇ∆«»…\u{a0}ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_people_know_them() {
        for (name, shown) in [
            ("Windows-1252", "windows-1252"),
            ("cp1252", "windows-1252"),
            ("Latin-1", "windows-1252"),
            ("ANSI", "windows-1252"),
            ("CP850", "cp850"),
            ("ibm850", "cp850"),
            ("850", "cp850"),
            ("Mac", "mac"),
            ("MacRoman", "mac"),
            ("Shift-JIS", "shift_jis"),
            ("sjis", "shift_jis"),
            ("UTF8", "utf-8"),
            ("utf-16", "utf-16le"),
            ("ISO 8859-2", "iso-8859-2"),
            ("GB2312", "gbk"),
            ("cp437", "cp437"),
            ("iso_8859-9", "windows-1254"),
            ("latin9", "iso-8859-15"),
        ] {
            assert_eq!(Charset::named(name).unwrap().name, shown, "{name}");
        }
        let told = Charset::named("klingon").unwrap_err().to_string();
        assert!(
            told.starts_with("There is no encoding “klingon”. Write one of utf-8, ") && told.contains("cp850"),
            "{told}"
        );
        assert!(Charset::named("").is_err());
    }

    #[test]
    fn pages_have_a_letter_for_every_byte() {
        for page in [CP437, CP850, CP852, CP857, CP737, CP775, MAC_CE] {
            assert_eq!(page.chars().count(), 128);
        }
        let read = |name: &str, bytes: &[u8]| Charset::named(name).unwrap().decode(bytes).into_owned();
        assert_eq!(read("cp850", b"J\x94rg Gr\x81n, Zo\x89 B\x82raud"), "Jörg Grün, Zoë Béraud");
        assert_eq!(read("cp852", b"\x9dukasz"), "Łukasz");
        assert_eq!(read("cp437", b"Se\xa4or"), "Señor");
        assert_eq!(read("windows-1252", b"M\x81ller"), "M\u{fffd}ller", "a byte without a letter is not dropped");
    }
}
