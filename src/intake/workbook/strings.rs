//! The strings that the cells of a workbook share, one after the other in one text.

use quick_xml::events::Event;

use crate::base::problem::Problem;

use super::archive::{Archive, OTHER, hostile, unreadable};
use super::events::entity;
use super::values::unescaped;

/// No list has more.
const MOST: usize = 4_000_000;

#[derive(Debug, Default)]
pub struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub fn read(archive: &mut Archive<'_>, path: &str) -> Result<Strings, Problem> {
        let name = archive.name();
        let mut strings = Strings::default();
        let Some(mut xml) = archive.part(path, OTHER)? else { return Ok(strings) };
        let (mut buffer, mut one) = (Vec::new(), String::new());
        let (mut inside, mut spoken) = (false, false);
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(|e| unreadable(name, e))? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "t" => inside = !spoken,
                    // How it is pronounced, which nobody sees.
                    "rPh" => spoken = true,
                    _ => {}
                },
                Event::Empty(tag) if tag.local_name().as_ref() == "si" => {
                    strings.push("");
                }
                Event::Text(text) if inside => one.push_str(&text.xml10_content()),
                Event::CData(text) if inside => one.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) if inside => entity(&reference, &mut one),
                Event::End(tag) => match tag.local_name().as_ref() {
                    "t" => inside = false,
                    "rPh" => spoken = false,
                    "si" => {
                        strings.push(&unescaped(&one));
                        one.clear();
                    }
                    _ => {}
                },
                Event::Eof => return Ok(strings),
                _ => {}
            }
            if strings.ends.len() >= MOST {
                return Err(hostile(name, "more than four million texts"));
            }
        }
    }

    /// False where there is no room for more.
    pub fn push(&mut self, one: &str) -> bool {
        self.text.push_str(one);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.ends.len() < MOST
    }

    pub fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)? as usize;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.text.get(from..end)
    }
}
