//! Reading a cookie without a jar.

use axum::http::{HeaderMap, header};

/// The value of the first cookie with this name.
pub(super) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_name_counts() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; rollcall-theme=dark".parse().unwrap());
        headers.append(header::COOKIE, "b=2".parse().unwrap());
        assert_eq!(get(&headers, "rollcall-theme"), Some("dark"));
        assert_eq!(get(&headers, "b"), Some("2"));
        assert_eq!(get(&headers, "rollcall"), None);
        assert_eq!(get(&headers, "theme"), None);
    }
}
