//! Truncated JSON: the text ends after the last complete value, and open brackets are closed.

/// Upper bound of the nesting, which is that of the parser.
const DEPTH: usize = 128;

/// Closes the start of a JSON text. `None`: there is no place to cut at.
///
/// The text is cut before a member of the outermost object or before an element of a list. Elements of a list are whole, because
/// half an operation could hide that its value is a password.
pub(super) fn close(start: &[u8]) -> Option<Vec<u8>> {
    let mut open = Vec::new();
    let mut cut: Option<(usize, Vec<u8>)> = None;
    let (mut in_text, mut escaped) = (false, false);
    for (at, &byte) in start.iter().enumerate() {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' => open.push(b'}'),
            b'[' => {
                open.push(b']');
                cut = Some((at + 1, open.clone()));
            }
            b'}' | b']' => {
                open.pop();
            }
            b',' if open.last() == Some(&b']') || open.len() == 1 => cut = Some((at, open.clone())),
            _ => {}
        }
        if open.len() > DEPTH {
            return None;
        }
    }
    let (end, open) = cut?;
    let mut json = start.get(..end)?.to_vec();
    json.extend(open.iter().rev());
    Some(json)
}

#[cfg(test)]
mod tests {
    use super::close;

    #[test]
    fn texts_are_cut_between_values() {
        for (start, closed_text) in [
            (r#"{"a":1,"b":2,"c":"#, Some(r#"{"a":1,"b":2}"#)),
            (r#"{"a":1,"b":"x,y]}"#, Some(r#"{"a":1}"#)),
            (r#"{"a":"\",\"","b":"#, Some(r#"{"a":"\",\""}"#)),
            (r#"{"a":[{"b":1,"c":2},{"b":3,"c"#, Some(r#"{"a":[{"b":1,"c":2}]}"#)),
            (r#"{"a":[{"b":1,"c"#, Some(r#"{"a":[]}"#)),
            (r#"{"a":{"b":1,"c":2"#, None),
            (r#"{"n":0,"a":{"b":1,"c":2"#, Some(r#"{"n":0}"#)),
            ("[1,[2,3", Some("[1,[2]]")),
            ("[1,2],", Some("[1]")),
            (r#""abc"#, None),
            ("", None),
        ] {
            let text = close(start.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(text.as_deref(), closed_text, "{start}");
        }
        assert_eq!(close("[".repeat(129).as_bytes()), None);
    }

    #[test]
    fn every_cut_text_is_json() {
        let json = r#"{"schemas":["x"],"Operations":[{"op":"add","path":"a","value":[{"value":"1"},{"value":"ü\\"}]}],"n":{"a":[1,{}]}}"#;
        for end in 0..json.len() {
            if let Some(closed) = close(&json.as_bytes()[..end]) {
                let parsed = serde_json::from_slice::<serde_json::Value>(&closed);
                assert!(parsed.is_ok(), "{end}: {}", String::from_utf8_lossy(&closed));
            }
        }
    }
}
