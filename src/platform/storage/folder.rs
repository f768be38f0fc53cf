use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::Key;
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
        write_whole(&path, bytes).map_err(Error::internal)
    }

    pub fn get(&self, key: &Key) -> Result<Vec<u8>> {
        fs::read(self.root.join(key.as_str())).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::NotFound,
            _ => Error::internal(error),
        })
    }

    pub fn delete(&self, key: &Key) -> Result<()> {
        match fs::remove_file(self.root.join(key.as_str())) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::internal(error)),
            _ => Ok(()),
        }
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

#[cfg(test)]
mod tests {
    use crate::storage::{Key, Storage};

    #[actix_web::test]
    async fn what_was_put_is_got_until_it_is_deleted() {
        let folder = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(&format!("file://{}/files", folder.path().display()), None).expect("opens");
        let key = Key::fresh("jpg").expect("a key");
        assert_eq!(storage.get(&key).await.expect_err("nothing is there").problem().status, 404);
        storage.put(&key, b"one".to_vec()).await.expect("put");
        assert_eq!(storage.get(&key).await.expect("got"), b"one");
        let beside = folder.path().join("files").join(key.as_str());
        let names = std::fs::read_dir(beside.parent().expect("a folder")).expect("a list").count();
        assert_eq!(names, 1, "nothing unfinished stays behind");
        storage.delete(&key).await.expect("deleted");
        storage.delete(&key).await.expect("deleted again");
        assert!(!beside.exists());
    }
}
