//! Settings of a run: from the command line first, the environment second, the file of settings last.

mod d1;
mod database;
mod settings;

pub use d1::D1Database;
pub use database::{DATABASE_VARIABLE, DatabaseError, DatabaseUrl, ServerUrl, UnsupportedDatabase};
pub use settings::{
    AlertSettings, AutoSync, KeepSettings, LiveCheckSettings, LogFormat, MailSettings, SETTINGS, Secret, Setting,
    SettingError, SettingErrors, Settings, Source, StripeSyncSettings, WebhookSettings,
};
