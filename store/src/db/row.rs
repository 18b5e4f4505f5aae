//! Rows, whichever engine and driver they come from.

use crate::StoreError;
use domain::role::Roles;
use rusqlite::types::ValueRef;
use sqlx::{ColumnIndex, Decode, Row as _, Type, any::AnyRow};
use std::{borrow::Cow, ops::Range, sync::Arc};

/// What a row takes beside its longest text, in bytes.
const ROW: usize = 400;

/// A row that was read.
pub(crate) enum Row {
    /// By sqlx.
    Driver(AnyRow),
    /// From the file, in place.
    File(FileRow),
}

/// Reading by name, into the types of the domain.
impl Row {
    /// About how many bytes of memory it takes. `longest`: the column whose length matters.
    pub(crate) fn weight(&self, longest: &str) -> usize {
        let of_texts = match self {
            Row::File(row) => row.len(),
            Row::Driver(_) => self.opt_text(longest).ok().flatten().map_or(0, |text| text.len()),
        };
        ROW + of_texts
    }

    pub(crate) fn text(&self, column: &str) -> Result<String, StoreError> {
        self.opt_text(column)?.ok_or_else(|| unexpected(column))
    }

    pub(crate) fn opt_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        match self {
            Row::Driver(row) => get(row, column),
            Row::File(row) => match row.cell(column)? {
                Cell::Null => Ok(None),
                Cell::Text(place) => Ok(row.texts.get(place.clone()).map(str::to_owned)),
                Cell::Number(_) => Err(unexpected(column)),
            },
        }
    }

    /// A text without copying it, where the row holds it as it stands in the file.
    pub(crate) fn text_ref(&self, column: &str) -> Result<Cow<'_, str>, StoreError> {
        if let Row::File(row) = self
            && let Cell::Text(place) = row.cell(column)?
        {
            return row.texts.get(place.clone()).map(Cow::Borrowed).ok_or_else(|| unexpected(column));
        }
        self.text(column).map(Cow::Owned)
    }

    pub(crate) fn number(&self, column: &str) -> Result<i64, StoreError> {
        self.opt_number(column)?.ok_or_else(|| unexpected(column))
    }

    pub(crate) fn opt_number(&self, column: &str) -> Result<Option<i64>, StoreError> {
        match self {
            Row::Driver(row) => get(row, column),
            Row::File(row) => match row.cell(column)? {
                Cell::Null => Ok(None),
                Cell::Number(number) => Ok(Some(*number)),
                Cell::Text(_) => Err(unexpected(column)),
            },
        }
    }

    pub(crate) fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.number(column)? != 0)
    }

    /// A text that is one of few.
    pub(crate) fn parse_enum<T>(&self, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        let text = self.text(column)?;
        parse(&text).ok_or_else(|| unexpected(column))
    }

    /// The effective roles: those assigned manually and those given by groups.
    pub(crate) fn roles(&self) -> Result<Roles, StoreError> {
        Ok(Roles::from_bits(self.number("roles")? | self.number("group_roles")?))
    }
}

fn get<'r, T>(row: &'r AnyRow, column: &str) -> Result<Option<T>, StoreError>
where
    T: Decode<'r, sqlx::Any> + Type<sqlx::Any>,
    for<'c> &'c str: ColumnIndex<AnyRow>,
{
    Ok(row.try_get(column)?)
}

fn unexpected(column: &str) -> StoreError {
    StoreError::Corrupt(format!("column {column}"))
}

/// A row of the file, taken out of the statement: the names are shared by all rows of an answer, the texts of a row stand
/// in one piece.
pub(crate) struct FileRow {
    names: Arc<[Box<str>]>,
    cells: Box<[Cell]>,
    texts: String,
}

enum Cell {
    Null,
    Number(i64),
    /// Where it stands in the row's texts.
    Text(Range<usize>),
}

impl FileRow {
    /// Takes the row on which a statement stands, with about so many bytes of text.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`]: a column holds what no statement of Rollcall writes.
    pub(crate) fn take(names: &Arc<[Box<str>]>, row: &rusqlite::Row<'_>, bytes: usize) -> Result<Self, StoreError> {
        let mut cells = Vec::with_capacity(names.len());
        let mut texts = String::with_capacity(bytes);
        for (column, name) in names.iter().enumerate() {
            cells.push(match row.get_ref(column)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Number(number),
                ValueRef::Text(text) => {
                    let begin = texts.len();
                    texts.push_str(std::str::from_utf8(text).map_err(|_| unexpected(name))?);
                    Cell::Text(begin..texts.len())
                }
                ValueRef::Real(_) | ValueRef::Blob(_) => return Err(unexpected(name)),
            });
        }
        Ok(Self { names: Arc::clone(names), cells: cells.into_boxed_slice(), texts })
    }

    /// How many bytes of text it holds.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    fn cell(&self, column: &str) -> Result<&Cell, StoreError> {
        let place = self.names.iter().position(|name| &**name == column);
        place
            .and_then(|place| self.cells.get(place))
            .ok_or_else(|| StoreError::Fault(format!("the answer has no column {column}")))
    }
}
