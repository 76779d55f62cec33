//! A mail server as small as one can be: it talks SMTP, and keeps what it is sent.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Listens until the process ends.
pub(crate) struct MailServer {
    pub(crate) url: String,
    seen: Arc<Mutex<Seen>>,
}

/// What was said to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Every command.
    pub(crate) commands: Vec<String>,
    /// Every mail, with its head.
    pub(crate) mails: Vec<String>,
    /// Recipients that it will refuse from now on.
    pub(crate) refuses: bool,
}

impl MailServer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // Whoever hangs up in the middle has ended the conversation.
                let _ = talk(stream.expect("a connection"), &shared);
            }
        });
        Self { url, seen }
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().expect("what was said").clone()
    }

    pub(crate) fn refuse(&self, refuses: bool) {
        self.seen.lock().expect("what was said").refuses = refuses;
    }
}

fn talk(stream: TcpStream, seen: &Mutex<Seen>) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    write!(out, "220 mail.example ESMTP\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let word = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let refuses = {
            let mut seen = seen.lock().expect("what was said");
            seen.commands.push(line);
            seen.refuses
        };
        match &*word {
            "EHLO" => write!(out, "250-mail.example\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n")?,
            "RCPT" if refuses => write!(out, "451 try again later\r\n")?,
            "DATA" => {
                write!(out, "354 go on\r\n")?;
                let mut mail = String::new();
                for line in lines.by_ref() {
                    match line? {
                        end if end == "." => break,
                        line => mail = mail + &line + "\n",
                    }
                }
                seen.lock().expect("what was said").mails.push(mail);
                write!(out, "250 taken\r\n")?;
            }
            "QUIT" => return write!(out, "221 bye\r\n"),
            _ => write!(out, "250 fine\r\n")?,
        }
    }
    Ok(())
}
