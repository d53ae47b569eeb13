//! The state file: JSON, replaced as a whole so that a crash leaves either the
//! old or the new one.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::SimError;
use crate::state::{FORMAT, State};

pub(crate) fn load(path: &Path) -> Result<Option<State>, SimError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(SimError::Io { path: path.to_owned(), source });
        }
    };
    let unreadable = |reason: String| SimError::Unreadable { path: path.to_owned(), reason };
    let state: State = serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
    if state.format != FORMAT {
        return Err(unreadable(format!(
            "it has format {}, this simulator writes {FORMAT}; remove the file to start afresh",
            state.format
        )));
    }
    Ok(Some(state))
}

pub(crate) fn save(path: &Path, state: &State) -> Result<(), SimError> {
    write(path, state).map_err(|source| SimError::Io { path: path.to_owned(), source })
}

fn write(path: &Path, state: &State) -> std::io::Result<()> {
    let text = serde_json::to_vec_pretty(state)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        // Simulated tokens open nothing real, but they look like the real ones.
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&beside)?;
    file.write_all(&text)?;
    // Not synced: the process may crash, the power is not a demo's concern.
    drop(file);
    fs::rename(&beside, path)
}
