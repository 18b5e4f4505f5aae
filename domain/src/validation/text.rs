//! Names, email addresses and slugs: their rules and their comparison.

use crate::validation::field_error::FieldError;

/// Upper bound of the characters of a name (keys, SSO methods).
pub const NAME_MAX: usize = 64;

/// The most characters of a search: no userName and no email address is longer.
pub const SEARCH_MAX: usize = 255;

/// A search, without spaces around it. Empty: no search.
///
/// # Errors
/// [`FieldError::TooLong`].
pub fn search(entered: &str) -> Result<&str, FieldError> {
    let text = entered.trim();
    match text.chars().count() {
        actual if actual > SEARCH_MAX => Err(FieldError::TooLong { max: SEARCH_MAX, actual }),
        _ => Ok(text),
    }
}

/// A a name: 1 to 64 visible characters, after trimming.
///
/// # Errors
/// [`FieldError::Missing`] with `what` ("a name"), [`FieldError::TooLong`], [`FieldError::InvisibleCharacters`].
pub fn name(typed: &str, what: &str) -> Result<String, FieldError> {
    bounded(typed, what, NAME_MAX)
}

/// Like [`name`], with another limit.
///
/// # Errors
/// Those of [`name`].
pub fn bounded(typed: &str, what: &str, max: usize) -> Result<String, FieldError> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(FieldError::Missing(what.to_owned()));
    }
    let actual = text.chars().count();
    if actual > max {
        return Err(FieldError::TooLong { max, actual });
    }
    if has_hidden(text) {
        return Err(FieldError::InvisibleCharacters);
    }
    Ok(text.to_owned())
}

/// Does the text contain an invisible character: a control character, a mark that hides or reorders, a joiner or
/// selector without effect? Such a text can imitate another.
///
/// Emoji and every script stay possible, and both need characters that are invisible by themselves:
/// - U+200D (zero width joiner) joins several emoji into one (👩‍💻), and U+200C and U+200D are spelling in Persian and
///   in many Indic scripts. They are accepted after a visible character beyond ASCII, so never in or after "Okta".
/// - Variation selectors choose the emoji's or the text's look (❤️), or a form of a Han character. After an ASCII
///   character they are accepted only in a keycap (1️⃣).
/// - Tag characters spell the region in a flag (🏴󠁧󠁢󠁷󠁬󠁳󠁿), and are accepted nowhere else.
///
/// Combining marks are accepted, because many scripts and decomposed accents (as macOS types them) need them. Texts are
/// not normalized, because that needs Unicode's tables, which the browser should not have to load. So a composed and a
/// decomposed "é" are two names.
pub fn has_hidden(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let hidden = match c {
            '\u{200C}' | '\u{200D}' => {
                before.is_ascii() || before.is_whitespace() || matches!(before, '\u{200C}' | '\u{200D}')
            }
            _ if is_selector(c) && before.is_ascii() => {
                chars.peek() != Some(&'\u{20E3}') || !(before.is_ascii_digit() || matches!(before, '#' | '*'))
            }
            _ if is_selector(c) => before.is_whitespace() || is_selector(before),
            '\u{E0020}'..='\u{E007F}' => !matches!(before, '\u{1F3F4}' | '\u{E0020}'..='\u{E007E}'),
            _ => is_invisible(c),
        };
        if hidden {
            return true;
        }
        before = c;
    }
    false
}

/// Control characters, characters without a glyph, and marks that reorder text. The joiners and selectors are not
/// included, because they depend on their position: see [`has_hidden`].
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' // soft hyphen, grapheme joiner, Arabic letter mark
            | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' // Hangul fillers
            | '\u{17B4}' | '\u{17B5}' | '\u{180E}' // Khmer inherent vowels, Mongolian vowel separator
            | '\u{200B}' | '\u{200E}' | '\u{200F}' // zero width space, left-to-right and right-to-left mark
            | '\u{2028}'..='\u{202E}' // line and paragraph separator, embeddings and overrides
            | '\u{2060}'..='\u{206F}' // word joiner, invisible operators, isolates
            | '\u{2800}' // empty Braille pattern
            | '\u{FDD0}'..='\u{FDEF}' // not characters
            | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' // byte order mark, interlinear annotation
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' // shorthand and musical format
            | '\u{E0000}'..='\u{E0FFF}' // tags, and the range reserved for more of them
        )
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Variation selectors: Mongolian, general, supplementary.
const fn is_selector(c: char) -> bool {
    matches!(c, '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// The form in which names, email addresses and userNames are compared: trimmed, and in lower case, character by
/// character.
///
/// Lower case, not case folding: the standard library has it. It differs only for pairs such as "ß" and "ss", which
/// stay different names. It works by character, so that the folded part of a name is a part of the folded name, which
/// searches and filters need. `str::to_lowercase` would write a sigma at the end of a word differently, so both are σ
/// here.
///
/// Databases store the result of this function and never fold by themselves, so that all engines agree. SCIM filters
/// fold in the same way (`scim::fold`), and a test of the server compares the two.
pub fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

/// Checks an email address: a name, `@`, a host with a dot in it; at most 254 characters (RFC 5321, section 4.5.3.1).
///
/// Quoted names and addresses in brackets are refused, because hardly anyone has one and most such input is a mistake.
///
/// # Errors
/// [`FieldError::Missing`], [`FieldError::NotAnEmail`].
pub fn email(typed: &str) -> Result<String, FieldError> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(FieldError::Missing("an email".to_owned()));
    }
    match text.split_once('@') {
        Some((local, host)) if text.len() <= 254 && is_local(local) && is_mail_host(host) => Ok(text.to_owned()),
        _ => Err(FieldError::NotAnEmail),
    }
}

/// Checks the part before the `@`: at most 64 bytes, without spaces and without the characters that structure a header
/// (RFC 5322, section 3.2.3).
fn is_local(local: &str) -> bool {
    let structures = |c| matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | ':' | ';' | ',' | '\\' | '"');
    (1..=64).contains(&local.len()) && !has_hidden(local) && !local.chars().any(|c| c.is_whitespace() || structures(c))
}

/// At least two labels of letters (of any script), digits and hyphens.
fn is_mail_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    host.contains('.') && host.split('.').all(is_label)
}

/// Checks a team's slug: 1 to 48 of `a-z 0-9 -`, not starting or ending with `-`.
///
/// # Errors
/// A sentence with the allowed characters.
pub fn slug(typed: &str) -> Result<String, String> {
    let good = !typed.is_empty()
        && typed.len() <= 48
        && !typed.starts_with('-')
        && !typed.ends_with('-')
        && typed.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if good {
        Ok(typed.to_owned())
    } else {
        Err(format!(
            "“{typed}” is not a slug: use 1–48 lowercase letters, numbers, or hyphens, not starting or ending with a hyphen"
        ))
    }
}

/// "A", "A and B", "A, B, and C".
pub fn join_names(names: &[&str]) -> String {
    join(names, "and")
}

/// Names in a sentence as alternatives: "Ada, Grace, or Alan".
pub fn join_names_or(names: &[&str]) -> String {
    join(names, "or")
}

fn join(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} {word} {other}"),
        [head @ .., last] => format!("{}, {word} {last}", head.join(", ")),
    }
}

/// The text with a capital letter for the start of a sentence: "Your identity provider".
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The first letters of the first and the last word, for an avatar: "AL" for "Ada Lovelace". For a name without letters
/// and digits, its first character.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    match (words.next(), words.next_back()) {
        (Some(first), last) => first.to_uppercase().chain(last.into_iter().flat_map(char::to_uppercase)).collect(),
        (None, _) => name.trim().chars().take(1).collect(),
    }
}
