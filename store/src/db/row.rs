//! Rows of both engines and drivers.

use crate::StoreError;
use domain::role::Roles;
use rusqlite::types::ValueRef;
use sqlx::{ColumnIndex, Decode, Row as _, Type, any::AnyRow};
use std::{borrow::Cow, ops::Range, sync::Arc};

/// The memory of a row beside its longest text, in bytes.
const ROW: usize = 400;

/// A row of a result.
pub(crate) enum Row {
    /// A row of sqlx.
    Driver(AnyRow),
    /// A row of SQLite's file, read in place.
    File(FileRow),
}

/// Access by column name, with the types of the domain.
impl Row {
    /// The approximate memory of the row in bytes. `longest`: the column with the longest text.
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

    /// A text without a copy, if the row has it in memory.
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

    /// A text with a closed list of values.
    pub(crate) fn parse_enum<T>(&self, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        let text = self.text(column)?;
        parse(&text).ok_or_else(|| unexpected(column))
    }

    /// The effective roles: manual roles and roles from groups.
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

/// A row of SQLite's file, detached from the statement. All rows of a result share the names. The texts of a row are in
/// one buffer.
pub(crate) struct FileRow {
    names: Arc<[Box<str>]>,
    cells: Box<[Cell]>,
    texts: String,
}

enum Cell {
    Null,
    Number(i64),
    /// The range in the row's texts.
    Text(Range<usize>),
}

impl FileRow {
    /// Copies the statement's current row, with about `bytes` of text.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`]: a column has a value that no statement of Rollcall writes.
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

    /// The length of all texts in bytes.
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
