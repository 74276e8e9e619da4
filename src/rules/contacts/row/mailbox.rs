//! Whose mailbox an address is: a person's at work, a person's at home, or a department's.

use std::collections::HashSet;
use std::sync::LazyLock;

/// What stands before the @ of an address that several people read, without dots and hyphens.
const SHARED: &str = "info information infos sales vertrieb verkauf ventes commercial accounts accountspayable \
    accountsreceivable accounting payable payables receivable receivables ap ar buchhaltung rechnung rechnungen \
    rechnungswesen kreditoren debitoren compta comptabilite facturation invoice invoices invoicing billing finance \
    noreply nepasrepondre donotreply dontreply support help helpdesk servicedesk service services customerservice \
    customercare kundenservice kundendienst admin administration administrator office buero buro sekretariat \
    secretariat reception empfang accueil zentrale contact contacts contactus kontakt hello hallo bonjour team mail \
    email post postmaster hostmaster webmaster abuse marketing press presse media pr hr humanresources personal jobs \
    careers recruitment bewerbung rh purchasing purchase procurement einkauf achats buying order orders bestellung \
    bestellungen commandes logistics logistik logistique warehouse lager enquiries inquiries enquiry general feedback \
    legal recht juridique it edv operations ops direction management quality qualitaet security privacy datenschutz \
    compliance root mailbox";

/// Domains where people have mailboxes of their own.
const PRIVATE: &str = "gmail.com googlemail.com msn.com ymail.com rocketmail.com icloud.com me.com mac.com web.de \
    t-online.de freenet.de arcor.de online.de mail.de posteo.de 1und1.de orange.fr wanadoo.fr free.fr laposte.net \
    sfr.fr neuf.fr bbox.fr btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com \
    blueyonder.co.uk eircom.net proton.me protonmail.com pm.me tutanota.com fastmail.com hey.com mail.com email.com \
    qq.com 163.com 126.com sina.com foxmail.com naver.com daum.net hanmail.net yandex.ru yandex.com mail.ru bk.ru \
    rambler.ru libero.it virgilio.it tiscali.it alice.it tin.it ziggo.nl planet.nl kpnmail.nl xs4all.nl home.nl \
    telenet.be skynet.be proximus.be bluewin.ch hispeed.ch sunrise.ch wp.pl o2.pl onet.pl interia.pl seznam.cz \
    centrum.cz telia.com comhem.se online.no tdcadsl.dk uol.com.br bol.com.br terra.com.br ig.com.br rediffmail.com \
    docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net \
    cox.net charter.net earthlink.net shaw.ca rogers.com bigpond.com optusnet.com.au telefonica.net sapo.pt";

static SHARED_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| SHARED.split_whitespace().collect());
static PRIVATE_DOMAINS: LazyLock<HashSet<&str>> = LazyLock::new(|| PRIVATE.split_whitespace().collect());

/// A mailbox of a department or of nobody: `info@`, `accounts.payable@`, `sales-uk@`.
pub fn is_shared(local: &str) -> bool {
    let local = local.to_ascii_lowercase();
    let plain: String = local.chars().filter(|c| c.is_alphabetic()).collect();
    if SHARED_NAMES.contains(plain.as_str()) {
        return true;
    }
    // A second word of up to three letters is a country or a site; longer ones could be a person's name.
    let mut words = local.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
    words.next().is_some_and(|w| w.len() > 2 && SHARED_NAMES.contains(w))
        && words.all(|w| w.len() <= 3 || SHARED_NAMES.contains(w))
}

/// A mailbox at home.
pub fn is_private(domain: &str) -> bool {
    PRIVATE_DOMAINS.contains(domain)
        || domain.split_once('.').is_some_and(|(name, _)| {
            matches!(name, "hotmail" | "outlook" | "live" | "yahoo" | "aol" | "gmx") && domain.split('.').count() <= 3
        })
}

/// The part of a domain that names the organisation: `acme` of `eu.acme.co.uk`.
pub fn organisation(domain: &str) -> &str {
    let mut labels: Vec<&str> = domain.split('.').collect();
    labels.pop();
    if labels.len() > 1
        && labels.last().is_some_and(|l| {
            matches!(*l, "co" | "com" | "org" | "net" | "gov" | "ac" | "edu" | "or" | "ne" | "go" | "gouv" | "gv")
        })
    {
        labels.pop();
    }
    labels.pop().unwrap_or(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departments_and_people() {
        for shared in
            ["info", "accounts.payable", "noreply", "no-reply", "Sales", "sales-uk", "info2", "customer.service"]
        {
            assert!(is_shared(shared), "{shared}");
        }
        for person in ["anna.smith", "it.mueller", "a.post", "service.jones", "marketa.novak", "ar.jones"] {
            assert!(!is_shared(person), "{person}");
        }
    }

    #[test]
    fn homes_and_companies() {
        assert!(is_private("gmail.com") && is_private("hotmail.co.uk") && is_private("t-online.de"));
        assert!(!is_private("live.acme.example.com") && !is_private("sky.example"));
        assert_eq!(organisation("eu.acme.co.uk"), "acme");
        assert_eq!(organisation("acme.example"), "acme");
    }
}
