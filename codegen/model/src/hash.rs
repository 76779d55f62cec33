//! The hash by which any artifact says which catalog it came from.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use sha2::{Digest, Sha256};

use crate::Catalog;

struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// SHA-256 of everything that the catalog says, in lower-case hexadecimal.
pub(crate) fn hash(catalog: &Catalog) -> String {
    let mut writer = BufWriter::with_capacity(1 << 16, Hasher(Sha256::new()));
    serde_json::to_writer(&mut writer, catalog).expect("a catalog is JSON");
    let Ok(Hasher(hasher)) = writer.into_inner() else { unreachable!("a hasher takes every byte") };
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes every text");
        text
    })
}
