//! The set of log lines that an open page has. Lines are sorted by id, and written shortly after they get their id. A late
//! line may therefore have an older id, so the newest id alone does not describe the set.

use std::collections::BTreeSet;

/// Upper bound of the newest lines that are tracked individually. No late lines older than these are expected.
const KEPT: usize = 200;
/// Upper bound of those lines in an address.
const WRITTEN: usize = 100;
/// Characters from the random end of an id that represent it.
const TAG: usize = 8;

/// A page has every line up to `from`, and the tracked ones of the later lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    from: String,
    ids: BTreeSet<String>,
    /// The ends of ids whose whole value is unknown.
    tags: BTreeSet<String>,
}

impl Cursor {
    /// The cursor of a page with these lines, newest first.
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut cursor = Self { ids: lines.take(WRITTEN + 1).map(str::to_owned).collect(), ..Self::default() };
        cursor.from = cursor.ids.pop_first().unwrap_or_default();
        cursor
    }

    /// Parses the output of [`Cursor::write`]. Any other text means that the page has no line.
    pub(super) fn parse(text: &str) -> Self {
        let (from, tags) = text.split_once('~').unwrap_or((text, ""));
        // Nothing else, because the id of an event must not contain a line break.
        let has_id_bytes = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        let is_good = from.len() <= 36 && has_id_bytes(from) && tags.len() <= WRITTEN * TAG && has_id_bytes(tags);
        if !is_good {
            return Self::default();
        }
        let tags = tags.as_bytes().chunks_exact(TAG).filter_map(|tag| std::str::from_utf8(tag).ok());
        Self { from: from.to_owned(), ids: BTreeSet::new(), tags: tags.map(str::to_owned).collect() }
    }

    /// The text for addresses.
    pub(super) fn write(&self) -> String {
        let older = self.ids.len().saturating_sub(WRITTEN);
        let from = older.checked_sub(1).and_then(|last| self.ids.iter().nth(last)).unwrap_or(&self.from);
        let mut text = [from, "~"].concat();
        // Ends without a whole id stay, because their lines have not been read yet.
        let room = WRITTEN.saturating_sub(self.ids.len());
        self.tags.iter().take(room).for_each(|tag| text.push_str(tag));
        self.ids.iter().skip(older).for_each(|id| text.push_str(tag(id)));
        text
    }

    /// The page has all lines up to this one.
    pub(super) fn from(&self) -> &str {
        &self.from
    }

    /// Whether the page has this line.
    pub(super) fn has(&mut self, id: &str) -> bool {
        if self.ids.contains(id) || id <= self.from.as_str() {
            return true;
        }
        // From now on, the whole id is known.
        self.tags.remove(tag(id)) && self.ids.insert(id.to_owned())
    }

    /// Adds a line to the page.
    pub(super) fn add(&mut self, id: &str) {
        self.ids.insert(id.to_owned());
        while self.ids.len() > KEPT
            && let Some(oldest) = self.ids.pop_first()
        {
            self.from = oldest;
        }
    }
}

fn tag(id: &str) -> &str {
    id.get(id.len().saturating_sub(TAG)..).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> String {
        format!("019e0000-0000-7000-8000-{number:012x}")
    }

    #[test]
    fn a_late_line_is_not_among_the_lines_of_a_page() {
        let lines: Vec<String> = [9, 7, 6, 3].map(id).to_vec();
        let mut cursor = Cursor::parse(&Cursor::of(lines.iter().map(String::as_str)).write());
        assert_eq!(cursor.from(), id(3));
        for (number, has) in
            [(2, true), (3, true), (4, false), (6, true), (7, true), (8, false), (9, true), (10, false)]
        {
            assert_eq!(cursor.has(&id(number)), has, "{number}");
        }
        cursor.add(&id(8));
        let mut copy = Cursor::parse(&cursor.write());
        assert!(copy.has(&id(8)) && copy.has(&id(9)) && !copy.has(&id(4)));
    }

    #[test]
    fn a_cursor_stays_short() {
        let mut cursor = Cursor::parse(&id(0));
        for number in 1..1_000 {
            assert!(!cursor.has(&id(number)));
            cursor.add(&id(number));
        }
        assert_eq!((cursor.from(), cursor.ids.len()), (id(799).as_str(), KEPT));
        assert_eq!(cursor.write().len(), 36 + 1 + WRITTEN * TAG);
        let mut copy = Cursor::parse(&cursor.write());
        assert_eq!(copy.from(), id(899));
        assert!((900..1_000).all(|number| copy.has(&id(number))) && !copy.has(&id(1_000)));
    }

    #[test]
    fn an_invalid_cursor_means_a_page_without_lines() {
        for text in ["", "\0", "é~1", "'--", &"9".repeat(5_000), &["~", &"1".repeat(5_000)].concat()] {
            assert_eq!(Cursor::parse(text), Cursor::default(), "{text}");
        }
    }

    /// The cursor becomes the id of an event, which must be one line.
    #[test]
    fn a_forged_cursor_is_no_cursor() {
        for forged in ["~\naaaaaaa", "~\raaaaaaa", "~\0aaaaaaa", "\n~", "~data: x ", "\u{e9}~"] {
            assert_eq!(Cursor::parse(forged), Cursor::default(), "{forged:?}");
        }
    }
}
