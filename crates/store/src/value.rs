//! Values on their way into a statement: typed, also when they are NULL.

use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Arguments as _;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Encode, Postgres, Type};

/// One bound value. A NULL keeps its type, because PostgreSQL refuses an untyped one.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// BIGINT.
    Int(Option<i64>),
    /// TEXT.
    Text(Option<String>),
    /// BOOLEAN.
    Bool(Option<bool>),
    /// DOUBLE PRECISION.
    Real(Option<f64>),
    /// BYTEA.
    Bytes(Option<Vec<u8>>),
    /// JSONB, as its text. Always an object or a list: a bare number would change its kind on SQLite.
    Json(Option<String>),
    /// TIMESTAMPTZ, as microseconds since 1970-01-01T00:00:00Z.
    Instant(Option<i64>),
}

/// A Rust value that can be bound. Rooms implement it for their own newtypes.
pub trait Bind {
    /// The value as an argument.
    fn arg(self) -> Arg;
    /// The NULL of this type.
    fn null() -> Arg;
}

impl<T: Bind> Bind for Option<T> {
    fn arg(self) -> Arg {
        self.map_or_else(T::null, T::arg)
    }
    fn null() -> Arg {
        T::null()
    }
}

/// `binds!(kind: type => |value| expression)`: one line a type.
macro_rules! binds {
    ($($kind:ident: $type:ty => |$value:ident| $to:expr;)*) => {$(
        impl Bind for $type {
            fn arg(self) -> Arg {
                let $value = self;
                Arg::$kind(Some($to))
            }
            fn null() -> Arg {
                Arg::$kind(None)
            }
        }
    )*};
}

binds! {
    Int: i64 => |value| value;
    Int: i32 => |value| i64::from(value);
    Int: u32 => |value| i64::from(value);
    Int: u16 => |value| i64::from(value);
    Int: u8 => |value| i64::from(value);
    Text: String => |value| value;
    Text: &String => |value| value.clone();
    Text: &str => |value| value.to_owned();
    Text: std::borrow::Cow<'_, str> => |value| value.into_owned();
    Text: Date => |value| value.to_string();
    Bool: bool => |value| value;
    Real: f64 => |value| value;
    Bytes: Vec<u8> => |value| value;
    Bytes: &Vec<u8> => |value| value.clone();
    Bytes: &[u8] => |value| value.to_vec();
    Instant: jiff::Timestamp => |value| value.as_microsecond();
}

impl<const N: usize> Bind for [u8; N] {
    fn arg(self) -> Arg {
        Arg::Bytes(Some(self.to_vec()))
    }
    fn null() -> Arg {
        Arg::Bytes(None)
    }
}

impl<const N: usize> Bind for &[u8; N] {
    fn arg(self) -> Arg {
        Arg::Bytes(Some(self.to_vec()))
    }
    fn null() -> Arg {
        Arg::Bytes(None)
    }
}

impl Bind for serde_json::Value {
    fn arg(self) -> Arg {
        Arg::Json(Some(self.to_string()))
    }
    fn null() -> Arg {
        Arg::Json(None)
    }
}

impl Bind for &serde_json::Value {
    fn arg(self) -> Arg {
        Arg::Json(Some(self.to_string()))
    }
    fn null() -> Arg {
        Arg::Json(None)
    }
}

/// A JSONB column read into, or written from, a Rust type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json<T>(pub T);

impl<T: Serialize> Bind for Json<T> {
    fn arg(self) -> Arg {
        // A value that cannot be written as JSON (a map with keys that are no strings) becomes NULL and
        // is refused by the NOT NULL of its column instead of being stored half.
        Arg::Json(serde_json::to_string(&self.0).ok())
    }
    fn null() -> Arg {
        Arg::Json(None)
    }
}

impl<T: DeserializeOwned> Json<T> {
    pub(crate) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Json)
    }
}

pub(crate) fn sqlite_arguments(args: Vec<Arg>) -> Result<SqliteArguments, BoxDynError> {
    let mut out = SqliteArguments::default();
    out.reserve(args.len(), 0);
    for arg in args {
        match arg {
            Arg::Int(value) | Arg::Instant(value) => out.add(value)?,
            Arg::Text(value) | Arg::Json(value) => out.add(value)?,
            Arg::Bool(value) => out.add(value)?,
            Arg::Real(value) => out.add(value)?,
            Arg::Bytes(value) => out.add(value)?,
        }
    }
    Ok(out)
}

pub(crate) fn postgres_arguments(args: Vec<Arg>) -> Result<PgArguments, BoxDynError> {
    let mut out = PgArguments::default();
    out.reserve(args.len(), 0);
    for arg in args {
        match arg {
            Arg::Int(value) => out.add(value)?,
            Arg::Text(value) => out.add(value)?,
            Arg::Bool(value) => out.add(value)?,
            Arg::Real(value) => out.add(value)?,
            Arg::Bytes(value) => out.add(value)?,
            Arg::Json(value) => out.add(value.map(PgJsonb))?,
            Arg::Instant(value) => out.add(value.map(PgInstant))?,
        }
    }
    Ok(out)
}

/// Microseconds between the epochs of Unix and of PostgreSQL (2000-01-01).
pub(crate) const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

/// TIMESTAMPTZ in PostgreSQL's binary form, from microseconds since 1970.
struct PgInstant(i64);

impl Type<Postgres> for PgInstant {
    fn type_info() -> PgTypeInfo {
        // OID of `timestamptz`, fixed in pg_type.dat.
        PgTypeInfo::with_oid(Oid(1184))
    }
}

impl Encode<'_, Postgres> for PgInstant {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode_by_ref(&self.0.saturating_sub(PG_EPOCH_MICROS), buffer)
    }
}

/// JSONB in PostgreSQL's binary form: a version byte and the text.
struct PgJsonb(String);

impl Type<Postgres> for PgJsonb {
    fn type_info() -> PgTypeInfo {
        // OID of `jsonb`, fixed in pg_type.dat.
        PgTypeInfo::with_oid(Oid(3802))
    }
}

impl Encode<'_, Postgres> for PgJsonb {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(&[1]);
        buffer.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}
