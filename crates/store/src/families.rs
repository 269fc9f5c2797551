//! Which family each table belongs to, in one place: what may lie apart on a distributed PostgreSQL.
//!
//! A test holds migrations to it: every table is listed once; every primary key, unique rule and foreign
//! key of a matter table starts with `number`; no other family refers to a matter table.

/// Distributed by `number`: a matter and all that belongs to it lie on one shard.
pub const MATTER: &[&str] = &[
    "matter",
    "party",
    "event",
    "open_task",
    "access",
    "done",
    "action_key",
    "link",
    "access_log",
    "code_try",
    "document",
    "link_due",
    "blind",
    "erasure",
    "handed_on",
    "notice",
    "answer_draft",
];

/// Copied to every shard: small, seldom written.
pub const REFERENCE: &[&str] = &[
    "area",
    "area_link",
    "service_area",
    "service_area_member",
    "service_area_office",
    "reference_version",
    "organisation",
    "organisation_duty",
    "schema_migration",
    "class_key",
    "room_key",
    "key_work",
    "item_version",
    "practitioner",
    "practitioner_word",
    "keeping",
    "figure",
    "law",
    "law_article",
];

/// Families of their own, joined by id without a foreign key to the others.
pub const OWN: &[&str] = &[
    "account",
    "account_grant",
    "session",
    "phone_code",
    "throttle",
    "outbox_message",
    "file",
    "intake_key",
    "tally",
    "outbox",
    "feed",
    "feed_head",
    "feed_cursor",
    "lease",
    "number_block",
    "log_leaf",
    "log_node",
    "log_head",
    "log_key",
    "log_checkpoint",
    "log_stamp",
    "draft",
    "document_series",
    "password_past",
    "account_totp",
    "recovery_code",
    "audit",
    "absence",
    "reassignment",
    "notice_link",
    "notice_contact",
    "notice_mark",
    "oidc_link",
    "oidc_flow",
    "oidc_session",
    "oidc_logout",
    "person_search",
    "imported",
    "answer",
    "answer_act",
    "kept_list",
];

/// Tables of what passes by itself: who is signed in, codes sent a moment ago, tries counted, leases held. A backup
/// leaves them out: restored, they would let somebody in again who has left since.
pub const PASSING: &[&str] =
    &["session", "phone_code", "throttle", "lease", "oidc_flow", "oidc_session", "oidc_logout"];
