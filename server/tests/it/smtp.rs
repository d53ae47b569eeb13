//! A mail server of a few lines: it answers as it is told, and keeps what it took.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// The answer to each command; empty: it hangs up there.
#[derive(Clone, Copy)]
pub struct Answers {
    pub greeting: &'static str,
    pub auth: &'static str,
    pub sender: &'static str,
    pub recipient: &'static str,
    pub taken: &'static str,
    /// It takes the command and never answers.
    pub silent: bool,
    pub says_good_bye: bool,
}

pub const GOOD: Answers = Answers {
    greeting: "220 mail.example",
    auth: "235 2.7.0 welcome",
    sender: "250 2.1.0 ok",
    recipient: "250 2.1.5 ok",
    taken: "250 2.0.0 taken",
    silent: false,
    says_good_bye: true,
};

pub struct MailServer {
    pub port: u16,
    taken: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    pub async fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let mails = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mails = Arc::clone(&mails);
                tokio::spawn(async move { talk(stream, answers, &mails).await });
            }
        });
        Self { port, taken }
    }

    /// Whole mails with their headers.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

async fn talk(stream: TcpStream, answers: Answers, mails: &Mutex<Vec<String>>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut answer = answers.greeting;
    loop {
        if answer.is_empty() {
            return None;
        }
        writer.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        let line = lines.next_line().await.ok()??;
        answer = match line.get(..4)? {
            "EHLO" => "250-mail.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            "AUTH" => answers.auth,
            "MAIL" if answers.silent => std::future::pending().await,
            "MAIL" => answers.sender,
            "RCPT" => answers.recipient,
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut mail = String::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    mail += &line;
                    mail.push('\n');
                }
                if answers.taken.starts_with('2') {
                    mails.lock().unwrap().push(mail);
                }
                answers.taken
            }
            "QUIT" if !answers.says_good_bye => std::future::pending().await,
            "QUIT" => "221 bye",
            _ => "502 unknown",
        };
    }
}
