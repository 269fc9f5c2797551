//! What people do with their own account: password, second factor, devices.

pub mod devices;
pub mod password;
pub(crate) mod store;
pub mod totp;
