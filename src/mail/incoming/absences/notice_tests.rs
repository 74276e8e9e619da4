//! Automatic replies that are absences and those that are none: offers, fairs, works, colleagues, addresses, departures. All are our own.

use crate::mail::incoming::read;
use crate::rules::replies::{Class, Incoming};

/// Written on Monday, 8 February 2027 by Ann Lee of Acme.
fn notice(subject: &str, body: &str) -> Incoming {
    let mail = format!(
        "Return-Path: <>\r\nFrom: Ann Lee <ann.lee@acme.example>\r\nTo: conversation@northwind.example\r\nSubject: {subject}\r\n\
         Date: Mon, 08 Feb 2027 10:05:00 +0000\r\nMessage-ID: <x66@acme.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
    );
    let read = read(mail.as_bytes());
    assert_eq!(read.class, Class::AutoReply, "{body}");
    read
}

/// In a word: the last day away, `left`, `leaving`, or nothing; then the proposed address.
fn said(subject: &str, body: &str) -> String {
    let read = notice(subject, body);
    let mut all: Vec<String> = read.returns_on.iter().map(|d| d.format("%Y-%m-%d").to_string()).collect();
    all.extend(read.has_left.then(|| "left".to_string()));
    all.extend(read.is_leaving.then(|| "leaving".to_string()));
    all.extend(read.new_address.map(|address| format!("at {address}")));
    all.join(", ")
}

fn all_say(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(body, wanted)| (body, wanted, said("Automatic reply: Your view of Northwind", body)))
        .filter(|(_, wanted, said)| said != *wanted)
        .map(|(body, wanted, said)| format!("{body}\n    says \"{said}\", not \"{wanted}\""))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn the_cases_that_were_handed_over() {
    all_say(&[
        ("I am out of the office until 19 February 2027.", "2027-02-19"),
        (
            "Unsere Firma heißt jetzt NewAcme. Meine neue Adresse ist ann.lee@newacme.example. Die alte Adresse ist \
            noch bis 30.06.2027 erreichbar.",
            "at ann.lee@newacme.example",
        ),
        ("Today is my last day at Acme. From tomorrow Bo Li takes over: bo.li@acme.example", "left"),
        ("We have received your message. Our spring offer is valid until 31 May 2027.", ""),
        ("Von 08.02. bis einschließlich 12.02.2027 habe ich Urlaub.", "2027-02-12"),
        ("Ich bin seit dem 1. Februar 2027 nicht mehr für Acme tätig.", "left"),
        ("Ich arbeite nicht mehr für die Acme GmbH.", "left"),
        ("I retired on 31 January 2027. Bo Li (bo.li@acme.example) is your contact.", "left"),
        (
            "Thank you for your message. Our company is now called NewAcme. My new address is ann.lee@newacme.example; \
            the old one works until 30 June 2027.",
            "at ann.lee@newacme.example",
        ),
    ]);
    let last_day =
        notice("Automatic reply", "Today is my last day at Acme. From tomorrow Bo Li takes over: bo.li@acme.example");
    assert_eq!(last_day.write_to, ["bo.li@acme.example"]);
}

#[test]
fn a_date_of_something_else_moves_nobody() {
    all_say(&[
        ("Your message has left our server and will be processed.", ""),
        ("Your parcel has left our warehouse on 8 February.", ""),
        ("I retired from the works council on 31 January 2027 but continue in purchasing.", ""),
        ("Thank you for your message. Visit us at the trade fair in Hanover until 12 February, hall 4, stand B12.", ""),
        ("We are at the spring fair until Friday. Visit us at stand 12!", ""),
        ("This mail is kept until 31 December 2037 in line with our retention policy.", ""),
        ("Your message has been received. Messages are archived until 2037-12-31.", ""),
        ("Due to building works the main entrance is closed until 31 March 2027. Please use Mill Lane.", ""),
        ("Due to renovation our office is closed until 31 March; we all work from home and answer as usual.", ""),
        ("My colleague Bo is on leave until 19 February; I will answer you as usual.", ""),
        ("Bo Li is out of the office until 19 February. I am here for you.", ""),
        ("My assistant is away. She will be back on 15 February.", ""),
        ("My old address works until 31 March 2027.", ""),
        ("I will get back to you by Friday, 12 February.", ""),
        ("Thank you. We will come back to you on 12 February.", ""),
        ("Our new catalogue is available from 15 February.", ""),
        ("The museum is open until 31 October, Tuesday to Sunday, and closed on Mondays.", ""),
        ("Our office hours are Monday to Friday, 9 to 17.", ""),
        ("I do not work on Fridays. On Fridays I am out of the office.", ""),
        ("Happy holidays! Our holiday offers run until 28 February.", ""),
        ("Registration for our webinar is open until 12 February. Join us!", ""),
        ("I am out of the office until further notice. Our winter sale ends on 28 February.", ""),
        ("I am out of the office today and our spring offer is valid until 31 May.", ""),
        ("This is a shared mailbox. We answer within two days. Early-bird prices until 12 February.", ""),
        ("Production resumes on 15 February.", ""),
        ("I was on leave until 5 February and am working through my mail.", ""),
        ("Your message reads: Please answer by 26 February 2027. I have received it.", ""),
        ("Unser Frühlingsangebot gilt bis 31. Mai 2027.", ""),
        ("Besuchen Sie uns auf der Messe in Hannover bis zum 12. Februar, Halle 4.", ""),
        ("Wegen Bauarbeiten ist unser Büro bis 31. März geschlossen, wir arbeiten von zu Hause.", ""),
        ("Mein Kollege Bo Li ist bis zum 19. Februar im Urlaub. Ich bin für Sie da.", ""),
        ("Vom 8. bis 19. Februar befindet sich Herr Meier im Urlaub, ich vertrete ihn.", ""),
        ("Diese Nachricht wird bis zum 31.12.2037 aufbewahrt.", ""),
        ("Ab dem 15. Februar gelten neue Preise.", ""),
        ("Freitags bin ich nicht im Büro.", ""),
        ("Ich bin bis auf Weiteres nicht im Büro. Unser Winterverkauf endet am 28. Februar.", ""),
        ("Die alte Adresse ist bis 30.06.2027 noch gültig.", ""),
        ("Wir melden uns bis Freitag bei Ihnen.", ""),
        ("Notre offre est valable jusqu'au 31 mai 2027.", ""),
        ("Retrouvez-nous au salon jusqu'au 12 février, stand 4.", ""),
        ("Ma collègue Zoé est en congé jusqu'au 19 février. Je vous réponds comme d'habitude.", ""),
        ("En raison de travaux, l'accès au parking est fermé jusqu'au 31 mars.", ""),
        ("Ce message est conservé jusqu'au 31 décembre 2037.", ""),
        ("Je reviens vers vous avant le 12 février.", ""),
        ("L'ancienne adresse fonctionne jusqu'au 30 juin 2027.", ""),
        ("Je ne suis pas au bureau le vendredi.", ""),
    ]);
}

#[test]
fn an_absence_of_the_writer_is_one() {
    all_say(&[
        ("I'm at the trade fair until Friday with limited access to e-mail.", "2027-02-12"),
        ("I am at a conference until 12 February and will answer slowly.", "2027-02-12"),
        ("Ann Lee is out of the office until 19 February.", "2027-02-19"),
        ("The person you are trying to reach is on leave until 19 February.", "2027-02-19"),
        ("Out of office until 19 February. Our spring offer is valid until 31 May.", "2027-02-19"),
        ("I am on annual leave until 19 February, my colleague Bo will be back on 10 February.", "2027-02-19"),
        ("My colleague Bo takes over while I am on leave until 19 February.", "2027-02-19"),
        ("I am on leave.\nFrom: 8 February\nUntil: 19 February", "2027-02-19"),
        ("Our office is closed until 19 February.", "2027-02-19"),
        ("We are closed for company holidays until 14 February. Happy carnival!", "2027-02-14"),
        ("I am on maternity leave until 1 December 2027. Bo Li stands in: bo.li@acme.example", "2027-12-01"),
        ("I will be back on 15 February.", "2027-02-14"),
        (
            "I am travelling and will be back in the office on 15 February. Visit us at the fair until 28 February.",
            "2027-02-14",
        ),
        ("I am away from 8 to 12 February and again from 22 to 26 February.", "2027-02-12"),
        ("Until 19 February I am on leave and have no access to e-mail.", "2027-02-19"),
        ("I'm available again from 15 February. I am on holiday and offline.", "2027-02-14"),
        ("I am on sick leave until 19 February. Please return the signed form by 12 February.", "2027-02-19"),
        ("Bis zum 19. Februar bin ich im Urlaub, meine Kollegin ist ab dem 10. Februar wieder da.", "2027-02-19"),
        ("Ich bin bis 12. Februar auf der Messe und lese meine E-Mails nur abends.", "2027-02-12"),
        ("Vom 8. bis 19. Februar befindet sich Frau Lee im Urlaub.", "2027-02-19"),
        ("Unser Büro ist wegen Betriebsferien bis 19.02.2027 geschlossen.", "2027-02-19"),
        ("Ich bin in Elternzeit und ab dem 1. Dezember 2027 wieder im Büro.", "2027-11-30"),
        (
            "Ich bin derzeit nicht im Haus. Ab Montag, 15.2., bin ich wieder erreichbar. Unser Angebot gilt bis 31.5.",
            "2027-02-14",
        ),
        ("Je suis en congé jusqu'au 19 février. Notre offre est valable jusqu'au 31 mai.", "2027-02-19"),
        ("Je suis au salon jusqu'au 12 février avec un accès limité à mes courriels.", "2027-02-12"),
        ("Nos bureaux sont fermés jusqu'au 19 février.", "2027-02-19"),
        ("Absente jusqu\u{2019}au 19 février, de retour le lundi 22 février.", "2027-02-21"),
        ("En mon absence jusqu'au 19 février, ma collègue Zoé vous répondra.", "2027-02-19"),
    ]);
}

#[test]
fn a_departure_is_one_and_what_sounds_like_it_is_none() {
    all_say(&[
        ("My last working day was 5 February. Please write to bo.li@acme.example.", "left"),
        ("My last day at Acme was Friday. Bo Li takes over.", "left"),
        ("I have left Acme. Please contact bo.li@acme.example.", "left"),
        ("I no longer work for Acme.", "left"),
        ("Since 1 February I am no longer with Acme.", "left"),
        ("Ann Lee has retired.", "left"),
        ("Ich bin seit dem 1. Februar nicht mehr bei Acme.", "left"),
        ("Heute ist mein letzter Arbeitstag bei Acme.", "left"),
        ("Mein letzter Arbeitstag war der 31. Januar 2027.", "left"),
        ("Ich bin seit Januar in Rente.", "left"),
        ("Ich habe das Unternehmen zum 31.01.2027 verlassen.", "left"),
        ("Je ne travaille plus chez Acme.", "left"),
        ("Aujourd'hui est mon dernier jour chez Acme.", "left"),
        ("Mon dernier jour de travail était le 29 janvier 2027.", "left"),
        ("J'ai quitté la société le 31 janvier 2027.", "left"),
        ("Je suis à la retraite depuis le 1er février.", "left"),
        ("My last day is 31 March 2027.", "leaving"),
        ("I will be leaving Acme on 31 March 2027.", "leaving"),
        ("Mein letzter Arbeitstag ist der 31. März 2027.", "leaving"),
        ("Mon dernier jour chez Acme sera le 31 mars 2027.", "leaving"),
        ("Today was a public holiday. I answer tomorrow.", ""),
        ("Today is the last day of our spring offer!", ""),
        ("I left the office for today.", ""),
        ("Today is my last day in the office before my holiday. I am on holiday until 19 February.", "2027-02-19"),
        ("My colleague Bo has left the company. Please write to me instead.", ""),
        ("Bo Li is no longer with Acme. I have taken over from him.", ""),
        ("I no longer work full time.", ""),
        ("Heute ist der letzte Tag unserer Aktion.", ""),
        ("Unser Kollege Bo Li ist nicht mehr im Unternehmen, ich bin Ihr neuer Ansprechpartner.", ""),
        ("Heute ist mein letzter Arbeitstag vor meinem Urlaub. Ich bin bis 19. Februar im Urlaub.", "2027-02-19"),
        ("Aujourd'hui est le dernier jour de notre offre.", ""),
        ("Notre collègue Zoé a quitté la société. Je la remplace.", ""),
        ("Je ne travaille plus à temps plein.", ""),
    ]);
}

#[test]
fn a_new_address_is_the_writers_or_none() {
    all_say(&[
        ("My e-mail address has changed to a.lee@newacme.example.", "at a.lee@newacme.example"),
        ("Ab sofort erreichen Sie mich unter ann.lee@newacme.example.", "at ann.lee@newacme.example"),
        ("Ma nouvelle adresse est ann.lee@newacme.example.", "at ann.lee@newacme.example"),
        (
            "I am out of the office until 19 February. My new address is ann@newacme.example.",
            "2027-02-19, at ann@newacme.example",
        ),
        ("Our new address for invoices is accounts@newacme.example.", ""),
        ("The new e-mail of my colleague Bo Li is bo.li@newacme.example.", ""),
        ("I have left Acme. My new address is ann.lee@other.example.", "left"),
        ("Our company is now called NewAcme, my new address is a.l@newacme.example.", "at a.l@newacme.example"),
        ("Please write to bo.li@acme.example.", ""),
    ]);
}

#[test]
fn what_is_ours_in_the_mail_says_nothing_about_the_writer() {
    for (subject, body, wanted) in [
        ("Out of Office: Your view by 26 February", "I am out of the office.", ""),
        (
            "Automatic reply: We are back until 26 February",
            "I am away.\n\nOn Mon, 8 Feb 2027 at 10:00, Team <team@northwind.example> wrote:\n> I am out of the office until 26 February.",
            "",
        ),
        ("Out of office: back on 15 February", "Thank you for your message.", "2027-02-14"),
        ("Out of office until 19 February", "Thank you for your message.", "2027-02-19"),
        ("Abwesenheitsnotiz: Ihre Meinung bis 26.02.2027", "Ich bin nicht im Büro.", ""),
        (
            "Automatic reply: x",
            "I am on leave.\n\n-----Original Message-----\nFrom: Team\nPlease answer until 26 February.",
            "",
        ),
    ] {
        assert_eq!(said(subject, body), wanted, "{subject}: {body}");
    }
}

/// Written after the reader was, to see what it does with mails that nobody had in mind.
#[test]
fn more_mails_of_the_same_kinds() {
    all_say(&[
        (
            "Thanks for your email. I'm currently out of the office with no access to email and will return on Monday \
            15 February. For urgent matters contact bo.li@acme.example.",
            "2027-02-14",
        ),
        ("I will be out of the office starting 8 February and will not return until 22 February.", "2027-02-21"),
        ("I am out of office from Feb 8th to Feb 12th inclusive.", "2027-02-12"),
        ("I am out of the office until close of business on Friday, 19 February.", "2027-02-19"),
        ("Ich bin ab dem 22. Februar wieder im Büro. Meine E-Mails werden nicht weitergeleitet.", "2027-02-21"),
        (
            "Vielen Dank für Ihre Nachricht. Ich bin bis einschließlich Freitag, den 19.02.2027, nicht im Büro. In \
            dringenden Fällen wenden Sie sich an Bo Li.",
            "2027-02-19",
        ),
        (
            "Bonjour, je suis actuellement en congés et serai de retour le 22 février. En cas d'urgence, contactez Bo.",
            "2027-02-21",
        ),
        ("Je suis absente du 8 au 19 février inclus.", "2027-02-19"),
        ("The office will be closed from 8 to 12 February.", "2027-02-12"),
        ("Wir haben vom 8. bis 12. Februar Betriebsferien.", "2027-02-12"),
        ("Ms Lee is on leave until 19 February; please contact Mr Li.", "2027-02-19"),
        ("I'm on vacation, back Feb 22.", "2027-02-21"),
        ("Due to illness I am not available until 19 February.", "2027-02-19"),
        ("Je suis en déplacement jusqu'au 19 février et je consulterai mes mails ponctuellement.", "2027-02-19"),
        ("I am working part-time until 30 April and reply more slowly.", ""),
        ("I am on parental leave part time and work Monday to Wednesday.", ""),
        ("Our webshop is closed until 1 March.", ""),
        ("You can reach me on 0123 456 until 19 February.", ""),
        ("Sie erreichen mich noch bis 19. Februar unter dieser Adresse.", ""),
        ("Our new product is available from 15 February. I am out of the office.", ""),
        ("I am out of the office.\n\nAnn Lee\nAcme GmbH - visit us at the Hannover Messe until 16 April 2027", ""),
        ("You wrote: please answer until 26 February. I am on leave.", ""),
        ("If you no longer work at Acme, tell us here.", ""),
        ("Today is my last day before parental leave. I am on parental leave until 1 December 2027.", "2027-12-01"),
        ("I am leaving for vacation and will be back on 22 February.", "2027-02-21"),
        ("I've retired as of 1 February.", "left"),
        ("I am not with Acme any more.", "left"),
        ("Ich gehe zum 31. März 2027 in den Ruhestand.", "leaving"),
        ("Ich bin zum 31.01.2027 aus dem Unternehmen ausgeschieden.", "left"),
        ("Je ne suis plus chez Acme.", "left"),
        ("Merci de noter que Mme Lee ne travaille plus chez Acme.", "left"),
        (
            "This address will be switched off on 31 March 2027. Please use ann.lee@newacme.example.",
            "at ann.lee@newacme.example",
        ),
    ]);
}
