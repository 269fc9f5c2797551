//! Values on their way out: rows, columns, and records made of them.

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type, ValueRef as _};

use crate::error::{StoreError, classify};
use crate::value::{Json, PG_EPOCH_MICROS};

/// One row of either database.
#[derive(Clone, Copy)]
pub struct Row<'r>(pub(crate) Raw<'r>);

#[derive(Clone, Copy)]
pub(crate) enum Raw<'r> {
    Sqlite(&'r SqliteRow),
    Postgres(&'r PgRow),
}

/// Where a value stands in a row: its column's name, or its position from 0.
pub trait Place: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> + Copy + std::fmt::Display {}
impl Place for &str {}
impl Place for usize {}

impl<'r> Row<'r> {
    /// The value of a column.
    pub fn get<T: Column>(self, place: impl Place) -> Result<T, StoreError> {
        T::read(self, place)
    }

    /// True when the column is NULL.
    pub fn is_null(self, place: impl Place) -> Result<bool, StoreError> {
        match self.0 {
            Raw::Sqlite(row) => row.try_get_raw(place).map(|value| value.is_null()),
            Raw::Postgres(row) => row.try_get_raw(place).map(|value| value.is_null()),
        }
        .map_err(|error| classify(&error).0)
    }

    fn driver<T>(self, place: impl Place) -> Result<T, StoreError>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
    {
        match self.0 {
            Raw::Sqlite(row) => row.try_get(place),
            Raw::Postgres(row) => row.try_get(place),
        }
        .map_err(|error| classify(&error).0)
    }
}

/// A type that can be read from a column. Rooms implement it for their own newtypes, mostly through
/// [`crate::text_column!`].
pub trait Column: Sized {
    /// Reads the value at `place`.
    fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError>;
}

impl<T: Column> Column for Option<T> {
    fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
        if row.is_null(place)? { Ok(None) } else { T::read(row, place).map(Some) }
    }
}

macro_rules! driver_columns {
    ($($type:ty),*) => {$(
        impl Column for $type {
            fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
                row.driver(place)
            }
        }
    )*};
}
driver_columns!(String, bool, f64, Vec<u8>);

impl Column for i64 {
    fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
        match row.0 {
            Raw::Sqlite(_) => row.driver(place),
            // `SELECT 1` is an INTEGER of four bytes on PostgreSQL; the decoder takes any length, so only
            // the type names need checking here.
            Raw::Postgres(pg) => {
                let value = pg.try_get_raw(place).map_err(|error| classify(&error).0)?;
                let kind = value.type_info().to_string();
                if !matches!(kind.as_str(), "INT8" | "INT4" | "INT2") {
                    return Err(StoreError::column(place, format!("{kind} is not an integer")));
                }
                <i64 as Decode<Postgres>>::decode(value).map_err(|error| StoreError::column(place, error))
            }
        }
    }
}

macro_rules! narrow_columns {
    ($($type:ty),*) => {$(
        impl Column for $type {
            fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
                i64::read(row, place)?.try_into().map_err(|error| StoreError::column(place, error))
            }
        }
    )*};
}
narrow_columns!(i32, u32, u16, u8);

impl<const N: usize> Column for [u8; N] {
    fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
        let bytes: Vec<u8> = row.driver(place)?;
        let found = bytes.len();
        bytes.try_into().map_err(|_| StoreError::column(place, format!("{found} bytes instead of {N}")))
    }
}

impl Column for jiff::Timestamp {
    fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
        let micros = match row.0 {
            Raw::Sqlite(_) => row.driver::<i64>(place)?,
            Raw::Postgres(pg) => {
                let value = pg.try_get_raw(place).map_err(|error| classify(&error).0)?;
                let kind = value.type_info().to_string();
                if kind != "TIMESTAMPTZ" {
                    return Err(StoreError::column(place, format!("{kind} is not an instant")));
                }
                let since_2000 = <i64 as Decode<Postgres>>::decode(value)
                    .map_err(|error| StoreError::column(place, error))?;
                since_2000.saturating_add(PG_EPOCH_MICROS)
            }
        };
        jiff::Timestamp::from_microsecond(micros).map_err(|error| StoreError::column(place, error))
    }
}

impl Column for Date {
    fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
        String::read(row, place)?.parse().map_err(|error| StoreError::column(place, error))
    }
}

impl<T: DeserializeOwned> Column for Json<T> {
    fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
        let parsed = match row.0 {
            Raw::Sqlite(_) => Json::parse(&row.driver::<String>(place)?),
            Raw::Postgres(pg) => {
                let value = pg.try_get_raw(place).map_err(|error| classify(&error).0)?;
                let bytes = value.as_bytes().map_err(|error| StoreError::column(place, error))?;
                // JSONB is sent with a version byte before the text.
                let text = bytes.strip_prefix(&[1]).unwrap_or(bytes);
                let text = std::str::from_utf8(text).map_err(|error| StoreError::column(place, error))?;
                Json::parse(text)
            }
        };
        parsed.map_err(|error| StoreError::column(place, error))
    }
}

impl Column for serde_json::Value {
    fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
        Json::read(row, place).map(|Json(value)| value)
    }
}

/// A Rust type made from a whole row. Use [`crate::record!`]; tuples up to eight columns also are
/// records, by position.
pub trait Record: Sized + Send {
    /// Reads the row.
    fn from_row(row: Row<'_>) -> Result<Self, StoreError>;
}

macro_rules! tuples {
    ($(($($name:ident $at:tt),+))*) => {$(
        impl<$($name: Column + Send),+> Record for ($($name,)+) {
            fn from_row(row: Row<'_>) -> Result<Self, StoreError> {
                Ok(($(row.get::<$name>($at as usize)?,)+))
            }
        }
    )*};
}
tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}

/// Declares a struct whose fields are read from the columns of the same names (`r#final` from `final`).
///
/// ```
/// store::record! {
///     /// One session.
///     #[derive(Debug, Clone)]
///     pub struct Session {
///         /// SHA-256 of the token.
///         pub token: [u8; 32],
///         /// When it ends.
///         pub expires: Option<jiff::Timestamp>,
///     }
/// }
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[$outer:meta])*
        $vis:vis struct $name:ident {
            $( $(#[$inner:meta])* $field_vis:vis $field:ident : $type:ty ),* $(,)?
        }
    ) => {
        $(#[$outer])*
        $vis struct $name {
            $( $(#[$inner])* $field_vis $field: $type, )*
        }
        impl $crate::Record for $name {
            fn from_row(row: $crate::Row<'_>) -> ::std::result::Result<Self, $crate::StoreError> {
                ::std::result::Result::Ok($name {
                    $( $field: row.get::<$type>(::std::stringify!($field).trim_start_matches("r#"))?, )*
                })
            }
        }
    };
}

/// Makes a type with `Display` (or `as_str`) and `FromStr` a TEXT column and a bound value.
#[macro_export]
macro_rules! text_column {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::Column for $type {
            fn read(
                row: $crate::Row<'_>,
                place: impl $crate::Place,
            ) -> ::std::result::Result<Self, $crate::StoreError> {
                <::std::string::String as $crate::Column>::read(row, place)?
                    .parse()
                    .map_err(|error| $crate::StoreError::column(place, ::std::format!("{error:?}")))
            }
        }
        impl $crate::Bind for $type {
            fn arg(self) -> $crate::Arg {
                $crate::Arg::Text(::std::option::Option::Some(::std::string::ToString::to_string(&self)))
            }
            fn null() -> $crate::Arg {
                $crate::Arg::Text(::std::option::Option::None)
            }
        }
    )+};
}
