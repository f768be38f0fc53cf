use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{Key, unavailable};
use crate::error::{Error, Result};

pub struct Folder {
    root: PathBuf,
}

impl Folder {
    pub fn open(root: PathBuf) -> Result<Self, String> {
        fs::create_dir_all(&root).map_err(|e| format!("cannot make the folder {}: {e}", root.display()))?;
        Ok(Self { root })
    }

    pub fn put(&self, key: &Key, bytes: &[u8]) -> Result<()> {
        let path = self.root.join(key.as_str());
        write_whole(&path, bytes).map_err(failed)
    }

    pub fn get(&self, key: &Key) -> Result<Vec<u8>> {
        fs::read(self.root.join(key.as_str())).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::NotFound,
            _ => failed(error),
        })
    }

    pub fn delete(&self, key: &Key) -> Result<()> {
        match fs::remove_file(self.root.join(key.as_str())) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(()),
        }
    }
}

/// A full disk or a share that is away may come back; rights have to be given by somebody.
fn failed(error: io::Error) -> Error {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Error::internal(error),
        _ => unavailable(error),
    }
}

/// All of it under its name or nothing: a crash in the middle leaves another name behind, which no row points at.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let unfinished = path.with_extension("part");
    let mut file = File::create(&unfinished)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        // The first error is what is told; what is left of the file is of no use.
        let _ = fs::remove_file(&unfinished);
    }
    written?;
    // A folder that is not written out itself may forget the name.
    File::open(folder)?.sync_all()
}
