//! Which lines of the log an open page has. Lines are written a moment after they got their id, by which they are sorted,
//! so the newest id alone does not say it: a line that came late has an older one.

use std::collections::BTreeSet;

/// So many of the newest lines are remembered one by one; older ones than these are not expected any longer.
const KEPT: usize = 200;
/// So many of them stand in addresses.
const WRITTEN: usize = 100;
/// Characters of an id, from its end, that stand for it: random ones.
const TAG: usize = 8;

/// A page has every line up to `from`, and those of the later ones that are remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    from: String,
    ids: BTreeSet<String>,
    /// The ends of ids that are not known as a whole.
    tags: BTreeSet<String>,
}

impl Cursor {
    /// Of a page that shows these lines, the newest first.
    pub(super) fn of<'a>(shown: impl Iterator<Item = &'a str>) -> Self {
        let mut cursor = Self { ids: shown.take(WRITTEN + 1).map(str::to_owned).collect(), ..Self::default() };
        cursor.from = cursor.ids.pop_first().unwrap_or_default();
        cursor
    }

    /// As [`Cursor::write`] writes it. What no one wrote so says that the page has nothing.
    pub(super) fn read(text: &str) -> Self {
        let (from, tags) = text.split_once('~').unwrap_or((text, ""));
        let is_id = |text: &str| text.len() <= 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        let is_good = is_id(from) && tags.len() <= WRITTEN * TAG && tags.is_ascii();
        if !is_good {
            return Self::default();
        }
        let tags = tags.as_bytes().chunks_exact(TAG).filter_map(|tag| std::str::from_utf8(tag).ok());
        Self { from: from.to_owned(), ids: BTreeSet::new(), tags: tags.map(str::to_owned).collect() }
    }

    /// For addresses.
    pub(super) fn write(&self) -> String {
        let older = self.ids.len().saturating_sub(WRITTEN);
        let from = older.checked_sub(1).and_then(|last| self.ids.iter().nth(last)).unwrap_or(&self.from);
        let mut text = [from, "~"].concat();
        // What is known by its end only is not left out: it has not come up yet.
        let room = WRITTEN.saturating_sub(self.ids.len());
        self.tags.iter().take(room).for_each(|tag| text.push_str(tag));
        self.ids.iter().skip(older).for_each(|id| text.push_str(tag(id)));
        text
    }

    /// The page has all lines up to this one.
    pub(super) fn from(&self) -> &str {
        &self.from
    }

    /// Does the page have this line?
    pub(super) fn has(&mut self, id: &str) -> bool {
        if self.ids.contains(id) || id <= self.from.as_str() {
            return true;
        }
        // Met once, it is known as a whole.
        self.tags.remove(tag(id)) && self.ids.insert(id.to_owned())
    }

    /// The page gets this line.
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
    fn a_page_says_what_it_shows_and_a_late_line_is_none_of_it() {
        let shown: Vec<String> = [9, 7, 6, 3].map(id).to_vec();
        let mut cursor = Cursor::read(&Cursor::of(shown.iter().map(String::as_str)).write());
        assert_eq!(cursor.from(), id(3));
        for (number, has) in
            [(2, true), (3, true), (4, false), (6, true), (7, true), (8, false), (9, true), (10, false)]
        {
            assert_eq!(cursor.has(&id(number)), has, "{number}");
        }
        cursor.add(&id(8));
        let mut again = Cursor::read(&cursor.write());
        assert!(again.has(&id(8)) && again.has(&id(9)) && !again.has(&id(4)));
    }

    #[test]
    fn it_stays_short() {
        let mut cursor = Cursor::read(&id(0));
        for number in 1..1_000 {
            assert!(!cursor.has(&id(number)));
            cursor.add(&id(number));
        }
        assert_eq!((cursor.from(), cursor.ids.len()), (id(799).as_str(), KEPT));
        assert_eq!(cursor.write().len(), 36 + 1 + WRITTEN * TAG);
        let mut written = Cursor::read(&cursor.write());
        assert_eq!(written.from(), id(899));
        assert!((900..1_000).all(|number| written.has(&id(number))) && !written.has(&id(1_000)));
    }

    #[test]
    fn nonsense_is_a_page_that_has_nothing() {
        for text in ["", "\0", "é~1", "'--", &"9".repeat(5_000), &["~", &"1".repeat(5_000)].concat()] {
            assert_eq!(Cursor::read(text), Cursor::default(), "{text}");
        }
    }
}
