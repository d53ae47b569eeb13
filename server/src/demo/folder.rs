//! The demo's folder: what is in which file.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use vault::Random;

use super::DemoError;

/// `DATA_DIR`.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder where there is none.
    pub fn open(path: &Path) -> Result<Self, DemoError> {
        private_folder(path).map_err(|error| cannot("be made", path, &error))?;
        // The key must not end up in somebody's repository.
        let ignore = path.join(".gitignore");
        fs::write(&ignore, "*\n").map_err(|error| cannot("be written", &ignore, &error))?;
        Ok(Self(path.to_owned()))
    }

    pub fn sim_state(&self) -> PathBuf {
        self.0.join("sim.json")
    }

    pub fn database_url(&self) -> SecretString {
        format!("sqlite://{}", self.0.join("renova.db").display()).into()
    }

    /// The demo's encryption key; a new one at the first start.
    pub fn key(&self, random: &dyn Random) -> Result<SecretString, DemoError> {
        let path = self.0.join("key");
        if !path.exists() {
            let mut bytes = [0; 32];
            random.fill(&mut bytes);
            write_private(&path, &format!("demo:{}\n", hex::encode(bytes)))
                .map_err(|error| cannot("be written", &path, &error))?;
        }
        let text = fs::read_to_string(&path).map_err(|error| cannot("be read", &path, &error))?;
        Ok(text.trim().to_owned().into())
    }

    /// The demo data is complete. Otherwise a start was cut short, or this is the first.
    pub fn is_seeded(&self) -> bool {
        self.seeded().exists()
    }

    pub fn set_seeded(&self) -> Result<(), DemoError> {
        fs::write(self.seeded(), "").map_err(|error| cannot("be written", &self.seeded(), &error))
    }

    fn seeded(&self) -> PathBuf {
        self.0.join("seeded")
    }
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// For the owner's eyes alone, and never half-written.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let draft = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> DemoError {
    DemoError::Folder(format!("{} cannot {what} ({error}): choose another folder by DATA_DIR", path.display()))
}
