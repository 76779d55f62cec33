//! What can be wrong with a database, in terms that say what to do.

use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;
use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

use super::d1::D1Error;
use super::sqlite::ClosedLog;

const SQLITE_IOERR_WRITE: u32 = 778;

/// What kind of trouble a database is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Another session holds the lock for longer than we wait.
    Locked,
    /// The database, its folder or its file system cannot be written.
    ReadOnly,
    /// The file cannot be opened or made.
    CannotOpen,
    /// There is a folder in the place of the file.
    Folder,
    /// Its write-ahead log cannot be read along with the file.
    ClosedLog,
    /// The file is not a SQLite database.
    NotADatabase,
    /// The file is a damaged SQLite database.
    Damaged,
    /// There is no space left.
    Full,
    /// The disk, or what stands for it, fails: full ones also say so.
    Disk,
    /// The server does not answer, or the connection broke.
    Unreachable,
    /// The URL demands an encrypted connection, and the server offers none.
    Encryption,
    /// The server's certificate, or what it says of itself, is not taken.
    Certificate,
    /// The URL says something that cannot be.
    Parameters,
    /// The server has no connection left.
    Busy,
    /// The server takes no writes.
    Replica,
    /// The server refuses the user or the password.
    Refused,
    /// The server has no database of this name.
    NoDatabase,
    /// The user may not do this.
    NotAllowed,
    /// The command that reaches the database is not installed.
    NoCommand,
    /// Rows are not as they must be for the transaction to be kept.
    Refuted,
    /// A table or a column is not there that the migrations have made.
    Altered,
    /// Something is there that a migration makes.
    Exists,
    /// Anything else that the database said.
    Other,
}

impl Fault {
    /// The kind of trouble behind an error of the driver.
    pub fn of(cause: &sqlx::Error) -> Self {
        match cause {
            sqlx::Error::Database(error) => of_database(error.as_ref()),
            sqlx::Error::Io(cause) if let Some(error) = of_d1(cause) => error,
            sqlx::Error::Io(cause) if cause.get_ref().is_some_and(|cause| cause.is::<ClosedLog>()) => Self::ClosedLog,
            sqlx::Error::Io(cause) if cause.kind() == std::io::ErrorKind::IsADirectory => Self::Folder,
            sqlx::Error::Io(cause) if cause.kind() == std::io::ErrorKind::NotFound => Self::CannotOpen,
            sqlx::Error::Io(cause) if cause.kind() == std::io::ErrorKind::PermissionDenied => Self::CannotOpen,
            sqlx::Error::Io(cause) if is_tls(cause) => Self::Certificate,
            sqlx::Error::Tls(_) => Self::Encryption,
            sqlx::Error::Configuration(_) => Self::Parameters,
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::Unreachable,
            _ => Self::Other,
        }
    }

    /// Whether a `COMMIT` that ended with this error has kept nothing for certain: SQLite answers, and writes what marks a
    /// transaction as kept after everything else. Where the disk did not confirm that, it may have been kept.
    pub fn is_refused_commit(cause: &sqlx::Error) -> bool {
        let sqlx::Error::Database(error) = cause else { return false };
        let Some(error) = error.try_downcast_ref::<SqliteError>() else { return false };
        let code = error.code().and_then(|code| code.parse().ok()).unwrap_or_default();
        code == SQLITE_IOERR_WRITE || matches!(of_sqlite(code), Self::Full | Self::ReadOnly | Self::Locked)
    }

    /// What to do about it; empty where the database's own message has to do.
    pub const fn help(self) -> &'static str {
        match self {
            Self::Locked => "another program is writing to it; wait until that has ended and run the command again",
            Self::ReadOnly => {
                "make the file and its folder writable, or name another database with --database sqlite:<path>"
            }
            Self::CannotOpen => {
                "make the folder and see that you may write to it, or name another database with --database sqlite:<path>"
            }
            Self::Folder => "name a file, which may be in that folder: --database sqlite:<folder>/<file>",
            Self::ClosedLog => {
                "run it as the user whose program writes the file, or let yours read the files beside it that end in -wal and \
                 -shm; where no program has it open, that user's next command puts them in order"
            }
            Self::NotADatabase => "the file is something else; name another with --database sqlite:<path>",
            Self::Damaged => "restore the file from a backup, or move it away to start with a fresh one",
            Self::Full => "make space on the disk and run the command again",
            Self::Disk => "see that there is space on the disk, and that it works, and run the command again",
            Self::Unreachable => "see that the server runs and that host and port of the database URL are right",
            Self::Encryption => {
                "turn TLS on at the server; or, where nobody can read along, take sslmode or ssl-mode out of the database URL"
            }
            Self::Certificate => {
                "name the root that signed the server's certificate with sslrootcert=<file> (MySQL: ssl-ca=<file>), and the \
                 server by the host that the certificate is for"
            }
            Self::Parameters => {
                "sslmode is disable, prefer, require, verify-ca or verify-full, with sslrootcert=<file> for a root of your own; \
                 for MySQL ssl-mode is disabled, preferred, required, verify_ca or verify_identity, with ssl-ca=<file>"
            }
            Self::Busy => "wait until connections are free, or raise the server's limit",
            Self::Replica => "name the primary server in the database URL; this one takes no writes",
            Self::Refused => {
                "set user and password in the database URL, as in postgres://user:password@host/database (or mysql://…)"
            }
            Self::NoDatabase => "create the database on the server, or name another one in the database URL",
            Self::NotAllowed => "grant the user of the database URL the right to do this, or name another user",
            Self::NoCommand => "install Cloudflare's command: npm install --global wrangler",
            Self::Refuted => "look for triggers or columns of your own on these tables",
            Self::Altered => {
                "somebody changed the tables: put the column or table back as schema.sql of generated/sql has it, or take the whole \
                 database from a backup"
            }
            Self::Exists => {
                "give what has this name, and was not made by a migration, another one, and run the command again"
            }
            Self::Other => "",
        }
    }
}

/// Whether the two sides could not agree on encryption, which the driver tells as a failure of the connection.
fn is_tls(cause: &std::io::Error) -> bool {
    cause.get_ref().is_some_and(|cause| cause.is::<rustls::Error>())
}

fn of_d1(cause: &std::io::Error) -> Option<Fault> {
    let error = cause.get_ref()?.downcast_ref::<D1Error>()?;
    Some(match error {
        D1Error::NoWrangler => Fault::NoCommand,
        refused if refused.is_refuted() => Fault::Refuted,
        D1Error::Refused(text) if text.contains(" already exists") => Fault::Exists,
        D1Error::Refused(_) => Fault::Other,
    })
}

fn of_database(error: &dyn DatabaseError) -> Fault {
    if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
        return of_postgres(error.code());
    }
    if let Some(error) = error.try_downcast_ref::<MySqlDatabaseError>() {
        return of_mysql(error.number());
    }
    // SQLite has one code for whatever is wrong with a statement.
    if ["no such column", "no such table"].iter().any(|beginning| error.message().starts_with(beginning)) {
        return Fault::Altered;
    }
    if error.message().ends_with(" already exists") || error.message().starts_with("duplicate column name") {
        return Fault::Exists;
    }
    error.code().and_then(|code| code.parse().ok()).map_or(Fault::Other, of_sqlite)
}

/// <https://www.sqlite.org/rescode.html>: the low byte of an extended result code is the primary one.
fn of_sqlite(code: u32) -> Fault {
    match code & 0xff {
        5 | 6 => Fault::Locked,
        8 => Fault::ReadOnly,
        10 => Fault::Disk,
        11 => Fault::Damaged,
        13 => Fault::Full,
        14 => Fault::CannotOpen,
        26 => Fault::NotADatabase,
        _ => Fault::Other,
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn of_postgres(code: &str) -> Fault {
    match code {
        "55P03" | "40P01" | "40001" => Fault::Locked,
        "25006" => Fault::Replica,
        "53100" => Fault::Full,
        "28000" | "28P01" => Fault::Refused,
        "3D000" => Fault::NoDatabase,
        "42501" => Fault::NotAllowed,
        "42703" | "42P01" => Fault::Altered,
        "42701" | "42710" | "42723" | "42P07" => Fault::Exists,
        "57P01" | "57P02" | "57P03" => Fault::Unreachable,
        "53300" => Fault::Busy,
        _ => Fault::Other,
    }
}

/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>, alike in MySQL.
fn of_mysql(number: u16) -> Fault {
    match number {
        1205 | 1213 => Fault::Locked,
        1290 | 1792 | 1836 => Fault::Replica,
        1021 | 1114 => Fault::Full,
        1045 | 1698 => Fault::Refused,
        1049 => Fault::NoDatabase,
        1044 | 1142 | 1227 => Fault::NotAllowed,
        1040 => Fault::Busy,
        1050 | 1060 | 1061 => Fault::Exists,
        1054 | 1146 => Fault::Altered,
        1053 => Fault::Unreachable,
        _ => Fault::Other,
    }
}
