//! The id of every request: in its response, in every log line about it, and, if an identity provider sent it, in Activity.

use crate::ids;
use axum::http::HeaderValue;
use domain::UnixMs;

const PREFIX: &str = "req_";

/// The request's name: `req_` and 32 hexadecimal digits, which are the id of its record. What a client sends as one is not
/// believed.
#[derive(Clone, Debug)]
pub struct RequestId {
    record: String,
    name: String,
}

impl RequestId {
    /// A new one.
    pub(crate) fn new(now: UnixMs) -> Self {
        let record = ids::next(now);
        Self { name: name(&record), record }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The id under which the request is recorded.
    pub(crate) fn record(&self) -> &str {
        &self.record
    }

    /// As the header `x-request-id`.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.name).ok()
    }
}

/// The name of the request with this record.
pub(crate) fn name(record: &str) -> String {
    let digits = record.split('-').collect::<String>();
    [PREFIX, &digits].concat()
}

/// The id of the record of the request with this name, if it is a name.
pub(crate) fn record(name: &str) -> Option<String> {
    let digits = name.trim().to_ascii_lowercase();
    let digits = digits.strip_prefix(PREFIX)?;
    if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Some([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_records() {
        let id = RequestId::new(1_780_000_000_123);
        assert_eq!(id.as_str().len(), 36);
        assert_eq!(record(&format!(" {} ", id.as_str().to_uppercase())).as_deref(), Some(id.record()));
        for other in
            ["", "req_", "req_0123", id.record(), &format!("{}0", id.as_str()), &format!("req_{}", "é".repeat(16))]
        {
            assert_eq!(record(other), None, "{other}");
        }
    }
}
