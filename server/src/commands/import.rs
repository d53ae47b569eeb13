//! `renova import`.

use std::{
    fs::File,
    io::{BufRead, BufReader, stdin},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow};
use futures::{StreamExt as _, stream};
use renewal::{ApiCaller, Renova};
use serde::Serialize;
use server::{
    console::say,
    open,
    settings::Settings,
    web::v1::imports::{Grant, Line, LineStatus},
};

use crate::failure::Failure;

/// Meta is asked about so many at the same time.
const TOGETHER: usize = 4;

/// What became of one line of the file.
#[derive(Serialize)]
struct Told {
    line: usize,
    #[serde(flatten)]
    became: Line,
}

#[derive(Default)]
struct Tally {
    imported: usize,
    connected: usize,
    failed: usize,
}

pub async fn import(settings: Settings, dry_run: bool, file: PathBuf) -> Result<(), Failure> {
    let lines = lines_of(&file)?;
    let renova = open::renova(&settings).await?;
    let tally = take_over(&renova, dry_run, lines).await;
    renova.storage().close().await;
    let Tally { imported, connected, failed } = tally?;
    let done = if dry_run { "could be imported" } else { "imported" };
    if failed == 0 {
        return Ok(());
    }
    Err(Failure::Failed(anyhow!(
        "{failed} lines failed ({imported} {done}, {connected} were connected already): mend them and start the same file again"
    )))
}

fn lines_of(file: &Path) -> Result<Box<dyn BufRead + Send>, Failure> {
    if file == Path::new("-") {
        return Ok(Box::new(BufReader::new(stdin())));
    }
    let opened = File::open(file).map_err(|error| Failure::Usage(vec![format!("{}: {error}", file.display())]))?;
    Ok(Box::new(BufReader::new(opened)))
}

/// Line by line, so that a large file costs no memory; told in the order of the file.
async fn take_over(renova: &Renova, dry_run: bool, lines: Box<dyn BufRead + Send>) -> Result<Tally, Failure> {
    // The command line is the platform itself.
    let who = ApiCaller::command_line();
    let who = &who;
    let numbered = lines.lines().enumerate().map(|(number, line)| (number + 1, line));
    let filled = numbered.filter(|(_, line)| line.as_ref().is_ok_and(|text| !text.trim().is_empty()) || line.is_err());
    let mut told = stream::iter(filled)
        .map(|(line, text)| async move {
            let text = text.with_context(|| format!("reading line {line}"))?;
            let became = match serde_json::from_str::<Grant>(&text) {
                Ok(grant) => Line::of(renova.import_grant(who, grant.into(), dry_run).await),
                Err(error) => Line::unreadable(&error),
            };
            Ok::<_, anyhow::Error>(Told { line, became })
        })
        .buffered(TOGETHER);
    let mut tally = Tally::default();
    while let Some(next) = told.next().await {
        let next = next?;
        match next.became.status {
            LineStatus::Imported | LineStatus::WouldImport => tally.imported += 1,
            LineStatus::AlreadyConnected => tally.connected += 1,
            LineStatus::Failed => tally.failed += 1,
        }
        say(&serde_json::to_string(&next).context("writing JSON")?);
    }
    Ok(tally)
}
