//! How a command ends when it does not end well.

use std::process::ExitCode;

use server::{console::complain, demo::DemoError, open::OpenError, settings::Problem};

/// Exit codes are promised in the documentation.
pub enum Failure {
    /// 2: wrong usage or configuration, one line for each problem.
    Usage(Vec<String>),
    /// 3: refused for safety; the store is untouched.
    Refused(String),
    /// 1: everything else.
    Failed(anyhow::Error),
}

impl Failure {
    /// Says what happened and how it ends.
    pub fn tell(self) -> ExitCode {
        let (lines, code) = match self {
            Self::Usage(lines) => (lines, 2),
            Self::Refused(line) => (vec![line], 3),
            Self::Failed(error) => (vec![format!("{error:#}")], 1),
        };
        for line in lines {
            complain(&format!("renova: {line}"));
        }
        ExitCode::from(code)
    }
}

impl From<Vec<Problem>> for Failure {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Usage(problems.iter().map(ToString::to_string).collect())
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        if error.is_refusal() {
            Self::Refused(error.advice())
        } else if error.is_usage() {
            Self::Usage(vec![error.advice()])
        } else {
            Self::Failed(anyhow::anyhow!(error.advice()))
        }
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::Open(error) => error.into(),
            error @ (DemoError::Folder(_) | DemoError::Port { .. }) => Self::Usage(vec![error.to_string()]),
            error => Self::Failed(error.into()),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}
