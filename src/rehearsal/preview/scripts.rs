//! A small round of people whose names are written in Arabic, Greek and Japanese: the pages that show most names, as they look with them.

use crate::base::address::EmailAddress;
use crate::base::problem::{Problem, Result};
use crate::intake::folder::RoundFolder;
use crate::rules::contacts::{Colleague, ListedContact, Role};

use super::before::{ROUND, account};
use super::book::{Book, UNSEEN};

const DIRECTOR: (&str, &str) = ("Thomas Lindqvist", "thomas.lindqvist@northwind.example");
const MANAGER: (&str, &str) = ("Yumi Okada", "yumi.okada@northwind.example");

struct Company {
    account: &'static str,
    domain: &'static str,
    language: &'static str,
    country: &'static str,
    time_zone: &'static str,
    revenue: i64,
    /// First name, last name, what stands before the `@`, job title.
    people: [(&'static str, &'static str, &'static str, &'static str); 3],
}

const COMPANIES: [Company; 3] = [
    Company {
        account: "شركة النخيل للصناعات المتقدمة",
        domain: "nakheel.example",
        language: "ar",
        country: "AE",
        time_zone: "Asia/Dubai",
        revenue: 1_450_000,
        people: [
            ("ليلى", "الحربي", "layla.alharbi", "مديرة المشتريات"),
            ("عمر", "القحطاني", "omar.alqahtani", "مدير الجودة"),
            ("نورة", "السبيعي", "noura.alsubaie", "مهندسة معايرة"),
        ],
    },
    Company {
        account: "Αφοί Παπαδόπουλοι Χημικά Α.Ε.",
        domain: "papadopouloi.example",
        language: "el",
        country: "GR",
        time_zone: "Europe/Athens",
        revenue: 620_000,
        people: [
            ("Ελένη", "Παπαδοπούλου", "eleni.papadopoulou", "Διευθύντρια Αγορών"),
            ("Γιώργος", "Νικολαΐδης", "giorgos.nikolaidis", "Υπεύθυνος Ποιότητας"),
            ("Κατερίνα", "Οικονόμου", "katerina.oikonomou", "Μηχανικός Παραγωγής"),
        ],
    },
    Company {
        account: "北浜精機株式会社",
        domain: "kitahama-seiki.example",
        language: "ja",
        country: "JP",
        time_zone: "Asia/Tokyo",
        revenue: 1_320_000,
        people: [
            ("美咲", "佐藤", "misaki.sato", "購買部長"),
            ("健一", "鈴木", "kenichi.suzuki", "品質保証課長"),
            ("由紀", "高橋", "yuki.takahashi", "工場長"),
        ],
    },
];

const ROLES: [Role; 3] = [Role::KeyDecisionMaker, Role::Influencer, Role::OperationalContact];

/// The demo round with these people on its list and nobody else.
pub fn folder(demo: &RoundFolder) -> Result<RoundFolder> {
    let address = |text: &str| EmailAddress::parse(text).map_err(Problem::internal);
    let colleague = |(name, email): (&str, &str)| -> Result<Colleague> {
        Ok(Colleague { name: name.into(), email: address(email)? })
    };
    let mut folder = demo.clone();
    folder.list.accepted.clear();
    for company in &COMPANIES {
        for ((first, last, local, job), role) in company.people.into_iter().zip(ROLES) {
            let line = folder.list.accepted.len() as u64 + 2;
            folder.list.accepted.push(ListedContact {
                line,
                account: company.account.into(),
                first_name: first.into(),
                last_name: last.into(),
                email: address(&format!("{local}@{}", company.domain))?,
                job_title: job.into(),
                role,
                language: company.language.into(),
                country: company.country.into(),
                region: String::new(),
                time_zone: company.time_zone.into(),
                director: colleague(DIRECTOR)?,
                manager: Some(colleague(MANAGER)?),
                strategic: Some(false),
                annual_revenue: Some(company.revenue),
                key: String::new(),
                more: std::collections::BTreeMap::default(),
                findings: Vec::new(),
            });
        }
    }
    Ok(folder)
}

/// With invitations and reminders out, some answers in, and somebody to call.
pub async fn read(book: &mut Book) -> Result<()> {
    book.at("2027-01-18T09:00:00Z", "A round of names in other scripts").await?;
    let mut page = book.open(UNSEEN, &book.door("sign_off", DIRECTOR.1, "/sign-off/")?).await?;
    for company in &COMPANIES {
        page = book.press(UNSEEN, &page, &account(company.account), "sign", &[("count", "3")]).await?;
    }
    book.at("2027-02-17T10:00:00Z", "The middle of a round of names in other scripts").await?;
    book.open("console-round-in-scripts", ROUND).await?;
    book.open("console-contacts-in-scripts", &format!("{ROUND}/contacts")).await?;
    book.open("console-accounts-in-scripts", &format!("{ROUND}/accounts")).await?;
    book.open("console-calls-in-scripts", &format!("{ROUND}/calls")).await.map(drop)
}
