//! The reasons why a text is no XML document that is read here.

/// A text that is not read as XML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// The encoding is not UTF-8, or a byte order mark is there.
    #[error("the encoding is not plain UTF-8: {0}")]
    Encoding(String),
    /// A control character, or a character that is none.
    #[error("it contains a character that XML does not allow")]
    Character,
    /// A DOCTYPE or another declaration of a DTD.
    #[error("it has a DOCTYPE")]
    Doctype,
    /// A processing instruction.
    #[error("it has a processing instruction")]
    ProcessingInstruction,
    /// A limit is exceeded.
    #[error("it has more than {max} {what}")]
    TooLarge {
        /// The counted parts.
        what: &'static str,
        /// The limit.
        max: usize,
    },
    /// The URI of a namespace is not absolute.
    #[error("the namespace {0:?} is not absolute")]
    RelativeNamespace(String),
    /// XML syntax, or a prefix without a namespace.
    #[error("it is not well-formed XML")]
    NotWellFormed,
    /// Two attributes called `ID` have one value.
    #[error("the id {0:?} is used twice")]
    RepeatedId(String),
}
