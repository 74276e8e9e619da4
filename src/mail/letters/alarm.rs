//! The mail to an operator that something is wrong for too long, and the one that it is over.
//!
//! What servers have said stands in it as one line of visible text.

use askama::Template;

use crate::base::problem::Result;

use super::colour::Look;
use super::frame::{labelled_button, paint};
use super::placeholders::clean_line;
use super::plain::wrapped;
use super::rendered::Rendered;

/// What the mail tells; instants are in words.
#[derive(Clone, Copy, Debug)]
pub struct AlarmMail<'a> {
    pub installation: &'a str,
    /// In a few words, without a full stop.
    pub title: &'a str,
    pub what: &'a str,
    /// What somebody can do about it; may be empty.
    pub advice: &'a str,
    pub since: &'a str,
    /// None while it lasts.
    pub until: Option<&'a str>,
    pub link: &'a str,
}

#[derive(Template)]
#[template(path = "mails/alarm/subject.txt", escape = "none")]
struct AlarmSubject<'a> {
    installation: &'a str,
    title: &'a str,
    until: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "mails/alarm/body.txt", escape = "none")]
struct AlarmText<'a> {
    installation: &'a str,
    title: &'a str,
    what: &'a str,
    advice: &'a str,
    since: &'a str,
    until: Option<&'a str>,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "mails/alarm/body.html")]
struct AlarmHtml<'a> {
    language: &'a str,
    subject: &'a str,
    installation: &'a str,
    title: &'a str,
    what: &'a str,
    advice: &'a str,
    since: &'a str,
    until: Option<&'a str>,
    button: &'a str,
}

pub fn alarm(mail: &AlarmMail<'_>) -> Result<Rendered> {
    let AlarmMail { title, since, until, link, .. } = *mail;
    let (installation, what, advice) =
        (&clean_line(mail.installation), &clean_line(mail.what), &clean_line(mail.advice));
    let subject = paint(&AlarmSubject { installation, title, until })?.trim().to_string();
    let (lines, advice_lines) = (wrapped(what), wrapped(advice));
    let text =
        AlarmText { installation, title, what: lines.trim_end(), advice: advice_lines.trim_end(), since, until, link };
    let button = &labelled_button("See what is wrong", link, &Look::default())?;
    let html = AlarmHtml { language: "en", subject: &subject, installation, title, what, advice, since, until, button };
    Ok(Rendered { text: paint(&text)?, html: paint(&html)?, subject })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(until: Option<&str>) -> Rendered {
        alarm(&AlarmMail {
            installation: "https://soundings.example",
            title: "No mail leaves",
            what: "No mail leaves. It said: 554 <script>x</script>\r\nBcc: a@b.example",
            advice: "See whether it runs.",
            since: "Tue 9 Feb 2027, 09:00 UTC",
            until,
            link: "https://soundings.example/sending#alarms",
        })
        .unwrap()
    }

    #[test]
    fn it_tells_since_when_and_what_to_do() {
        let begun = mail(None);
        assert_eq!(begun.subject, "Alarm: No mail leaves (https://soundings.example)");
        for part in ["It is so since Tue 9 Feb 2027, 09:00 UTC.", "See whether it runs."] {
            assert!(begun.text.contains(part) && begun.html.contains(part), "{}", begun.text);
        }
        assert!(begun.text.lines().any(|line| line == "https://soundings.example/sending#alarms"), "{}", begun.text);
    }

    #[test]
    fn the_mail_that_it_is_over_says_both() {
        let over = mail(Some("Tue 9 Feb 2027, 11:30 UTC"));
        assert_eq!(over.subject, "Over: No mail leaves (https://soundings.example)");
        for part in ["over since Tue 9 Feb 2027, 11:30 UTC", "begun on Tue 9 Feb 2027, 09:00 UTC"] {
            assert!(over.text.contains(part) && over.html.contains(part), "{}", over.text);
        }
        assert!(!over.text.contains("See whether it runs."), "nothing is left to do: {}", over.text);
    }

    #[test]
    fn what_servers_say_is_text() {
        let begun = mail(None);
        assert!(!begun.html.contains("<script>") && !begun.text.contains("\nBcc"), "{}", begun.html);
    }
}
