//! `renova doctor`.

use anyhow::anyhow;
use server::{
    console::say,
    doctor::{self, Level, Line},
    settings::Sources,
};

use crate::failure::Failure;

/// Prints each line; fails where one is an error.
pub async fn doctor(sources: Sources, json: bool) -> Result<(), Failure> {
    let lines = doctor::examine(&sources).await;
    if json {
        let text = serde_json::to_string_pretty(&lines).map_err(|error| anyhow!(error))?;
        say(&text);
    } else {
        lines.iter().for_each(tell);
    }
    let errors = lines.iter().filter(|line| line.level == Level::Error).count();
    if errors == 0 { Ok(()) } else { Err(Failure::Failed(anyhow!("{errors} of {} lines need you", lines.len()))) }
}

fn tell(line: &Line) {
    let word = match line.level {
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    say(&format!("{word:<8} {:<14} {}", line.name, line.found));
    if !line.fix.is_empty() {
        say(&format!("{:<23} {}", "", line.fix));
    }
}
