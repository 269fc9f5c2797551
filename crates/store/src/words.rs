//! Kernel words as columns and bound values.

use kernel::area::AreaCode;
use kernel::money::Fen;
use kernel::number::MatterNumber;
use kernel::time::Instant;

use crate::error::StoreError;
use crate::row::{Column, Place, Row};
use crate::value::{Arg, Bind};

/// BIGINT columns with a checked conversion.
macro_rules! big_ints {
    ($($type:ty: |$value:ident| $to:expr, $from:expr;)*) => {$(
        impl Bind for $type {
            fn arg(self) -> Arg {
                let $value = self;
                Arg::Int(Some($to))
            }
            fn null() -> Arg {
                Arg::Int(None)
            }
        }
        impl Column for $type {
            fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
                let value = i64::read(row, place)?;
                $from(value).map_err(|error| StoreError::column(place, error))
            }
        }
    )*};
}

big_ints! {
    AreaCode: |code| code.as_i64(), AreaCode::from_i64;
    MatterNumber: |number| number.as_i64(), MatterNumber::from_i64;
    Fen: |fen| fen.0, |value| Ok::<_, std::convert::Infallible>(Fen(value));
}

impl Bind for Instant {
    fn arg(self) -> Arg {
        Arg::Instant(Some(self.as_micros()))
    }
    fn null() -> Arg {
        Arg::Instant(None)
    }
}

impl Column for Instant {
    fn read(row: Row<'_>, place: impl Place) -> Result<Self, StoreError> {
        jiff::Timestamp::read(row, place).map(Instant::new)
    }
}

crate::text_column!(
    kernel::actor::Role,
    kernel::actor::Door,
    kernel::area::Level,
    kernel::lang::Lang,
    kernel::number::QueryCode,
);
