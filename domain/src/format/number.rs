//! Numbers as people read them.

/// "1,126": digits in groups of three.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.bytes().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(char::from(digit));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (48, "48"),
            (999, "999"),
            (1_126, "1,126"),
            (100_000, "100,000"),
            (1_234_567, "1,234,567"),
            (-123, "-123"),
            (-1_234, "-1,234"),
        ] {
            assert_eq!(thousands(number), text);
        }
    }
}
