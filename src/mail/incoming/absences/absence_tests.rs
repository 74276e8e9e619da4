//! Absences as people and programs write them, in the languages that contacts write. All of them are our own.

use crate::mail::incoming::read;
use crate::rules::replies::{Class, Incoming};

/// Read on a Wednesday, 4 March 2026.
fn mail(subject: &str, body: &str) -> Vec<u8> {
    dated("Wed, 4 Mar 2026 09:12:00 +0100", subject, body)
}

fn dated(date: &str, subject: &str, body: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\r\nDelivered-To: team+abc123@soundings.example\r\nFrom: \"Kim Doe\" <kim.doe@acme.example>\r\n\
         To: Team <team+abc123@soundings.example>\r\nDate: {date}\r\nSubject: {subject}\r\nMessage-ID: <reply-1@acme.example>\r\n\
         In-Reply-To: <ours-1@soundings.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

fn away(body: &str) -> String {
    let read = read(&mail("Automatic reply: How are we doing?", body));
    assert_eq!(read.class, Class::AutoReply, "{body}");
    assert!(!read.has_left, "{body}");
    read.returns_on.map(|d| d.to_string()).unwrap_or_default()
}

#[test]
fn the_last_day_away_is_read_in_the_languages_of_contacts() {
    let thirteenth = [
        "I am out of the office until Friday, 13 March 2026 with limited access to e-mail.",
        "I will be out of the office through March 13th.",
        "I am on annual leave from 2 to 13 March and will reply when I am back.",
        "I'm away 2 March - 13 March.",
        "I shall be on leave from 2026-03-02 to 2026-03-13.",
        "Thank you for your message. I am away from my desk between March 2 and March 13, 2026.",
        "I will be out of the office March 2-13.",
        "Ich bin bis einschließlich 13.03.2026 nicht im Büro. Ihre E-Mail wird nicht weitergeleitet.",
        "Ich befinde mich vom 2. bis zum 13. März im Urlaub.",
        "Vielen Dank für Ihre Nachricht. Ich bin vom 02.03.2026 - 13.03.2026 nicht erreichbar.",
        "Je suis absent du bureau jusqu'au 13 mars inclus.",
        "Je suis en congés du 2 au 13 mars 2026.",
        "Estaré fuera de la oficina hasta el viernes 13 de marzo de 2026.",
        "Estaré de vacaciones del 2 al 13 de marzo.",
        "Sono in ferie fino al 13 marzo compreso.",
        "Sarò assente dal 2 al 13 marzo 2026.",
        "Estou de férias até ao dia 13 de março.",
        "Ik ben afwezig tot en met vrijdag 13 maart 2026.",
        "Ik ben met vakantie t/m 13-03-2026.",
        "Jag är på semester till och med den 13 mars.",
        "Jeg er på ferie til og med den 13. marts.",
        "Jeg er ikke på kontoret t.o.m. 13. mars.",
        "Olen lomalla 13.3.2026 asti.",
        "Olen poissa toimistolta 2.3. - 13.3.2026.",
        "Jestem na urlopie do 13 marca 2026 r.",
        "Jsem mimo kancelář do 13. března 2026.",
        "Som mimo kancelárie, dovolenka do 13.3.2026.",
        "Szabadságon vagyok március 13-ig.",
        "Sunt în concediu până la 13 martie 2026.",
        "Я в отпуске до 13 марта 2026 г.",
        "Esmu atvaļinājumā līdz 13.03.2026.",
        "Atostogauju iki 2026-03-13.",
        "Olen puhkusel kuni 13.03.2026.",
        "13 Mart 2026 tarihine kadar izindeyim.",
        "Είμαι σε άδεια έως 13 Μαρτίου 2026.",
        "3月2日から3月13日まで休暇をいただいております。",
        "申し訳ございませんが、2026年3月13日まで不在にしております。",
        "我将于3月2日至3月13日休假，无法及时回复邮件。",
        "3월 2일부터 3월 13일까지 휴가입니다.",
    ];
    let wrong: Vec<(&str, String)> =
        thirteenth.into_iter().map(|body| (body, away(body))).filter(|(_, day)| day != "2026-03-13").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_day_of_return_is_the_day_after_the_last_day_away() {
    let fifteenth = [
        "I am currently out of the office and will be back on Monday, 16 March.",
        "I am on leave until Friday 13 March, returning to the office on 16 March 2026.",
        "I am away and will not be back until March 16.",
        "Out of office. Returning March 16th, 2026.",
        "Ich bin im Urlaub und ab dem 16. März wieder für Sie da.",
        "Ich bin vom 2. bis 13. März nicht im Haus. Ab Montag, 16.3., bin ich wieder erreichbar.",
        "Am 16.03.2026 bin ich wieder im Büro. Bis dahin bin ich abwesend.",
        "Actuellement absente, je serai de retour le lundi 16 mars.",
        "Je suis en congés du 2 au 13 mars. De retour au bureau le 16 mars 2026.",
        "Estoy de vacaciones. Regreso el 16 de marzo.",
        "Estoy fuera de la oficina; me reincorporaré el lunes 16 de marzo de 2026.",
        "Sono fuori ufficio. Rientro lunedì 16 marzo.",
        "Estou ausente do escritório. Regresso a 16 de março.",
        "Ik ben op vakantie. Op maandag 16 maart ben ik weer aanwezig.",
        "Jag är inte på kontoret, åter den 16 mars.",
        "Jeg holder ferie og er tilbage mandag den 16. marts.",
        "Jeg er på ferie og er tilbake 16. mars.",
        "Olen lomalla. Palaan töihin 16.3.2026.",
        "Jestem nieobecny. Wracam 16 marca 2026.",
        "Mám dovolenou, zpět budu 16.3.2026.",
        "Szabadságon vagyok, március 16-án ismét dolgozom.",
        "Сейчас я в отпуске, вернусь 16 марта.",
        "休暇中です。3月16日より出社いたします。",
        "我正在休假，将于3月16日返回办公室。",
    ];
    let wrong: Vec<(&str, String)> =
        fifteenth.into_iter().map(|body| (body, away(body))).filter(|(_, day)| day != "2026-03-15").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn returns(date: &str, body: &str) -> String {
    read(&dated(date, "Automatic reply: x", body)).returns_on.map(|d| d.to_string()).unwrap_or_default()
}

#[test]
fn a_missing_year_is_the_next_such_day_after_the_mail() {
    let body = "I am on leave from 22 December and return on 5 January.";
    assert_eq!(returns("Tue, 23 Dec 2025 10:00:00 +0000", body), "2026-01-04");
    assert_eq!(returns("Mon, 22 Dec 2036 10:00:00 +0000", body), "2037-01-04");
    assert_eq!(returns("not a date", body), "", "without a date of the mail there is no next day");
}

#[test]
fn numbers_are_read_in_the_order_of_the_senders_clock() {
    let body = "I am out of the office from 03/02/2026 to 03/06/2026.";
    assert_eq!(returns("Mon, 2 Mar 2026 09:00:00 -0500", body), "2026-03-06");
    assert_eq!(returns("Mon, 2 Mar 2026 09:00:00 +0000", body), "2026-06-03");
    let unmistakable = "I am out of the office until 3/27.";
    assert_eq!(returns("Mon, 2 Mar 2026 09:00:00 +0000", unmistakable), "2026-03-27");
}

#[test]
fn a_day_of_the_week_is_the_next_one() {
    assert_eq!(away("I am out of the office and will be back on Monday."), "2026-03-08");
    assert_eq!(away("Ich bin bis Freitag nicht im Büro."), "2026-03-06");
    assert_eq!(away("Je suis absent, de retour jeudi."), "2026-03-04");
}

#[test]
fn dates_that_are_not_about_the_absence_are_left_alone() {
    for body in [
        "Thank you for your message of 3 March 2026. A colleague will answer within two working days.",
        "Your ticket was opened on 04.03.2026 and has the number 12.03.1177.",
        "I am out of the office with no access to e-mail. For emergencies call +49 30 12.03.55.",
        "We are available 24/7 at the service desk.",
        "I am away. Please note that our new address is Marsstraße 12, from 1 January.",
    ] {
        assert_eq!(away(body), "", "{body}");
    }
}

#[test]
fn who_has_left_and_whom_to_write_to() {
    for body in [
        "Please note that Kim Doe is no longer with ACME. Please write to mary.major@acme.example.",
        "Kim Doe has left the company. Your contact is Mary Major, mary.major@acme.example.",
        "I have left the company on 27 February 2026. Please contact mary.major@acme.example from now on.",
        "Frau Doe ist nicht mehr im Unternehmen tätig. Bitte wenden Sie sich an mary.major@acme.example.",
        "Kim Doe ist aus dem Unternehmen ausgeschieden. Ihre Ansprechpartnerin: mary.major@acme.example",
        "Kim Doe ne fait plus partie de la société. Merci d'écrire à mary.major@acme.example",
        "Kim Doe a quitté l'entreprise. Veuillez contacter mary.major@acme.example.",
        "Kim Doe ya no trabaja en ACME. Por favor, escriba a mary.major@acme.example.",
        "Kim Doe non lavora più in azienda. Scrivete a mary.major@acme.example.",
        "Kim Doe já não trabalha nesta empresa. Contacte mary.major@acme.example.",
        "Kim Doe is niet meer werkzaam bij ACME. Mail naar mary.major@acme.example.",
        "Kim Doe har slutat på ACME. Kontakta mary.major@acme.example.",
        "Kim Doe er ikke længere ansat hos ACME. Skriv til mary.major@acme.example.",
        "Kim Doe jobber ikke lenger i ACME. Kontakt mary.major@acme.example.",
        "Kim Doe ei ole enää yrityksen palveluksessa. Yhteys: mary.major@acme.example.",
        "Kim Doe nie pracuje już w naszej firmie. Prosimy o kontakt: mary.major@acme.example.",
        "Kim Doe již nepracuje v naší společnosti. Pište na mary.major@acme.example.",
        "Kim Doe már nem dolgozik a cégnél. Kérjük, írjon ide: mary.major@acme.example.",
        "Kim Doe nu mai lucrează în companie. Contact: mary.major@acme.example.",
        "Ким До больше не работает в компании. Пишите: mary.major@acme.example.",
        "Kim Doe は退職いたしました。今後は mary.major@acme.example までご連絡ください。",
        "Kim Doe已离职，请联系 mary.major@acme.example。",
    ] {
        let Incoming { class, has_left, write_to, returns_on, .. } = read(&mail("Automatic reply: x", body));
        assert_eq!((class, has_left, returns_on), (Class::AutoReply, true, None), "{body}");
        assert_eq!(write_to, ["mary.major@acme.example"], "{body}");
    }
}

#[test]
fn a_day_off_is_no_departure() {
    for body in [
        "I have left the office for today and will be back tomorrow.",
        "Please note that I no longer work on Fridays.",
        "I am no longer at my desk, call my mobile.",
        "Freitags arbeite ich nicht mehr. Ich bin nicht mehr für den Einkauf zuständig.",
        "Je ne travaille plus le vendredi. Elle a quitté le bureau pour la journée.",
        "Ya no trabajo los viernes.",
        "Jag har slutat för dagen.",
    ] {
        assert!(!read(&mail("Automatic reply: x", body)).has_left, "{body}");
    }
}

#[test]
fn contacts_are_neither_the_writer_nor_ours() {
    let body = "I am out of the office until 13 March.\n\nKim Doe, kim.doe@acme.example, kim.doe@acme-group.example\n\
                Urgent: Mary.Major@acme.example or <team+abc123@soundings.example>";
    assert_eq!(read(&mail("Automatic reply: x", body)).write_to, ["mary.major@acme.example"]);
}

#[test]
fn autoresponders_are_known_by_their_headers_or_their_subject() {
    let plain = |headers: &str, body: &str| {
        read(format!("From: kim@acme.example\r\nTo: team@soundings.example\r\nDate: Wed, 4 Mar 2026 09:12:00 +0100\r\n{headers}\r\n\r\n{body}\r\n").as_bytes())
    };
    for headers in [
        // Debian's vacation(1)
        "Subject: away from my mail\r\nPrecedence: bulk\r\nAuto-Submitted: auto-replied",
        // Dovecot's Pigeonhole
        "Subject: Auto: How are we doing?\r\nX-Sieve: Pigeonhole Sieve 0.5.19\r\nAuto-Submitted: auto-replied (vacation)\r\nPrecedence: bulk",
        // Exchange
        "Subject: Automatische Antwort: Wie zufrieden sind Sie?\r\nX-Auto-Response-Suppress: All\r\nX-MS-Exchange-Inbox-Rules-Loop: kim@acme.example",
        "Subject: Absence du bureau : x\r\nX-Autoreply: yes",
        "Subject: x\r\nPrecedence: auto_reply",
        "Subject: Re: x\r\nReturn-Path: <>\r\nIn-Reply-To: <a@b.example>",
    ] {
        let read = plain(headers, "I am out of the office until 13 March.");
        assert_eq!((read.class, read.automatic), (Class::AutoReply, true), "{headers}");
        assert_eq!(read.returns_on.map(|d| d.to_string()).as_deref(), Some("2026-03-13"), "{headers}");
    }
}
