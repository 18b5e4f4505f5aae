//! The tokens of a filter: words, brackets and strings.

use super::syntax_error::FilterSyntaxError;

/// A token of a filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token<'t> {
    /// A name, an operator, `true`, `false`, `null`, a number, or an unquoted value.
    Word(&'t str),
    /// An unescaped text in double quotes.
    Text(String),
    /// `(`, `)`, `[` or `]`.
    Bracket(char),
}

/// Reads tokens. Positions are in bytes from the start of the text.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Where the next token starts, or the end.
    pub(crate) fn position(&mut self) -> usize {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.at
    }

    /// Whether this character follows the last token without a space.
    pub(crate) fn touches(&self, next: char) -> bool {
        self.rest().starts_with(next)
    }

    /// The next token; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Token<'t>>, FilterSyntaxError> {
        let start = self.position();
        let rest = self.rest();
        let token = match rest.chars().next() {
            None => return Ok(None),
            Some(bracket @ ('(' | ')' | '[' | ']')) => {
                self.at += 1;
                Token::Bracket(bracket)
            }
            Some('"') => {
                let quoted = quoted(rest, start)?;
                self.at += quoted.len();
                // The escapes are those of JSON (RFC 7644, figure 1).
                let text = serde_json::from_str(quoted);
                Token::Text(text.map_err(|_| FilterSyntaxError::new("invalid JSON escape", start))?)
            }
            Some(_) => {
                let word = rest.split([' ', '\t', '(', ')', '[', ']', '"']).next().unwrap_or_default();
                if let Some((i, c)) = word.char_indices().find(|(_, c)| c.is_control() || *c == '\'') {
                    let what =
                        if c == '\'' { "use double quotes around strings" } else { "unexpected control character" };
                    return Err(FilterSyntaxError::new(what, start + i));
                }
                self.at += word.len();
                Token::Word(word)
            }
        };
        Ok(Some(token))
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// The string at the start of `text`, with both quotes. `start` is its position.
fn quoted(text: &str, start: usize) -> Result<&str, FilterSyntaxError> {
    let mut escaped = true; // the opening quote does not end the string
    for (i, b) in text.bytes().enumerate() {
        match b {
            _ if b < 0x20 => return Err(FilterSyntaxError::new("unescaped control character", start + i)),
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Ok(text.get(..=i).unwrap_or_default()),
            _ => {}
        }
    }
    Err(FilterSyntaxError::new("unclosed string", start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
        let mut lexer = Lexer::new(text);
        let mut tokens = Vec::new();
        while let Some(token) = lexer.next().map_err(|problem| problem.describe("filter", text))? {
            tokens.push(token);
        }
        Ok(tokens)
    }

    #[test]
    fn words_brackets_and_strings() {
        use Token::*;
        assert_eq!(
            tokens(r#"emails[type eq "a \"b\" \\"].value  gt -1.5e3"#).unwrap(),
            [
                Word("emails"),
                Bracket('['),
                Word("type"),
                Word("eq"),
                Text(r#"a "b" \"#.into()),
                Bracket(']'),
                Word(".value"),
                Word("gt"),
                Word("-1.5e3"),
            ]
        );
        assert_eq!(tokens("  \t ").unwrap(), []);
    }

    #[test]
    fn escapes_are_those_of_json() {
        for (text, expected) in [
            (r#""""#, ""),
            (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r#""\u00e9\uD83D\uDE00""#, "é😀"),
            (r#""\u0000""#, "\0"),
            ("\"é😀\u{7f}\"", "é😀\u{7f}"),
        ] {
            assert_eq!(tokens(text).unwrap(), [Token::Text(expected.into())], "{text}");
        }
    }

    #[test]
    fn invalid_tokens_are_rejected() {
        for (text, expected) in [
            (r#"é "abc"#, "filter, character 3: unclosed string"),
            (r#""abc\""#, "filter, character 1: unclosed string"),
            (r#""\x""#, "filter, character 1: invalid JSON escape"),
            (r#""\ud800""#, "filter, character 1: invalid JSON escape"),
            (r#""\u12""#, "filter, character 1: invalid JSON escape"),
            ("\"a\nb\"", "filter, character 3: unescaped control character"),
            ("\"é\0\"", "filter, character 3: unescaped control character"),
            ("userName\u{0}", "filter, character 9: unexpected control character"),
            ("a 'b'", "filter, character 3: use double quotes around strings"),
        ] {
            assert_eq!(tokens(text).unwrap_err(), expected, "{text}");
        }
    }
}
