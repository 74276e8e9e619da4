//! What our columns are called elsewhere: Salesforce, HubSpot, Dynamics, Outlook, Google and the words that people use.
//!
//! Case, spaces, accents and signs do not count. A weak name may mean something else too; it gives way to a strong one in the same list.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::rules::contacts::{row::Field, row::cells::folded};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    Weak,
    Strong,
}

use Strength::{Strong, Weak};

/// By language: en, de, fr, es, it, nl, pl, pt, sv and da, cs; the names of programs; then the commonest words of ru, tr, fi, hu, el,
/// ja, zh and ko.
const NAMES: &[(Field, Strength, &str)] = &[
    (
        Field::Account,
        Strong,
        "account|account name|associated company|company|company name|customer|customer name|organisation|organization|\
         organisation name|organization name|parent account|client company|client name|\
         kunde|kundenname|firma|firmenname|unternehmen|unternehmensname|account-name|organisation/firma|\
         société|entreprise|client|compte|nom du compte|nom de l'entreprise|nom de la société|nom du client|raison sociale|\
         empresa|nombre de la empresa|nombre de empresa|cuenta|nombre de la cuenta|cliente|nombre del cliente|razón social|\
         azienda|nome azienda|società|nome account|ragione sociale|nome cliente|\
         bedrijf|bedrijfsnaam|klant|klantnaam|accountnaam|organisatie|\
         nazwa firmy|klient|nazwa klienta|konto|nazwa konta|przedsiębiorstwo|\
         nome da empresa|conta|nome da conta|nome do cliente|razão social|\
         företag|företagsnamn|kund|kundnamn|virksomhed|virksomhedsnavn|kundenavn|selskab|firmanavn|\
         společnost|název společnosti|zákazník|název firmy|název účtu|\
         organization 1 - name|person - organization|primary company|primary associated company|company (associated)|parent customer|\
         company name (account)|yritys|компания|организация|会社名|клиент|контрагент|наименование клиента|\
         müşteri|müşteri adı|şirket|asiakas|ügyfél|cég|cégnév|πελάτης|εταιρεία|顧客名|取引先|取引先名|会社|公司|公司名称|客户|客户名称|회사|회사명|고객사",
    ),
    (Field::Account, Weak, "business|employer|buyer|household|arbeitgeber|employeur"),
    (
        Field::ContactKey,
        Strong,
        "contact_key|contact key|contact id|contactid|record id|record id - contact|crm id|contact id (18)|contact id 18|\
         contact id (18 characters)|case safe contact id|18 digit contact id|(do not modify) contact|hs_object_id|vid|contact vid|\
         person id|kontakt-id|id du contact|identifiant du contact|id de contacto|\
         id del contacto|id contatto|contact-id|identyfikator kontaktu|id kontaktu|id do contato|kontaktid|kontakt id",
    ),
    (
        Field::FirstName,
        Strong,
        "first name|first_name|firstname|given name|forename|vorname|prénom|nombre|nombre de pila|primer nombre|nome|voornaam|imię|imie|\
         primeiro nome|förnamn|fornavn|jméno|křestní jméno|etunimi|имя|名|ad|adı|keresztnév|όνομα|名字|이름",
    ),
    (Field::FirstName, Weak, "first|given|rufname|roepnaam|tilltalsnamn"),
    (
        Field::LastName,
        Strong,
        "last name|last_name|lastname|surname|family name|nachname|familienname|zuname|nom|nom de famille|apellido|apellidos|\
         primer apellido|cognome|achternaam|familienaam|nazwisko|sobrenome|apelido|último nome|efternamn|efternavn|příjmení|sukunimi|\
         фамилия|姓|soyad|soyadı|vezetéknév|επώνυμο|姓氏|성",
    ),
    (Field::LastName, Weak, "last|family|second name"),
    (
        Field::FullName,
        Strong,
        "full name|full_name|contact name|contact full name|person name|contact person|display name|ansprechpartner|kontaktname|\
         vollständiger name|vor- und nachname|name, vorname|nom complet|nom et prénom|prénom et nom|nom du contact|nombre completo|\
         nombre y apellidos|nombre del contacto|nome completo|nome e cognome|nome contatto|nome do contato|volledige naam|\
         naam contactpersoon|contactpersoon|imię i nazwisko|osoba kontaktowa|fullständigt namn|kontaktperson|fulde navn|\
         celé jméno|jméno a příjmení|kontaktní osoba|person - name|primary contact|фио|контактное лицо|ad soyad|adı soyadı|teljes név|\
         氏名|お名前|姓名|联系人|성명",
    ),
    (
        Field::FullName,
        Weak,
        "name|contact|person|naam|namn|navn|kontakt|contacto|contatto|e-mail display name|file as|attendee",
    ),
    (
        Field::Email,
        Strong,
        "email|e-mail|mail|mail address|e-mail 1 - value|e-mail 1|email 1|email address 1|person - email|person - email - work|\
         email - work|smtp address|primary smtp address|courriel|adresse électronique|correo|correo electrónico|\
         dirección de correo|posta elettronica|indirizzo di posta elettronica|e-postadress|e-post|adres e-mail|sähköposti|電子メール|メール|\
         メールアドレス|электронная почта|эл. почта|почта|e-posta|eposta|e-posta adresi|e-mail cím|ηλεκτρονική διεύθυνση|电子邮件|电子邮箱|邮箱|邮件|이메일",
    ),
    (
        Field::JobTitle,
        Strong,
        "job title|job_title|position|job position|function|job function title|organization title|organization 1 - title|business title|\
         job|funktion|stelle|berufsbezeichnung|stellenbezeichnung|jobtitel|fonction|poste|intitulé du poste|titre du poste|cargo|\
         puesto|puesto de trabajo|posición|qualifica|mansione|posizione|titolo professionale|functie|functietitel|stanowisko|cargo/função|\
         função|befattning|stilling|stillingsbetegnelse|titel (beruf)|pozice|pracovní pozice|funkce|person - job title|должность|役職|\
         ünvan|unvan|görev|pozisyon|beosztás|θέση|職位|职位|职务|직책|직위",
    ),
    (Field::JobTitle, Weak, "title|titel|titre|título|titolo|tytuł|titul|role title|designation|occupation|profession"),
    (
        Field::Role,
        Strong,
        "role|contact role|buying role|role in contact|contact role type|stakeholder role|decision role|rolle|kontaktrolle|\
         rolle im einkauf|rolle beim kauf|rôle|rôle du contact|rôle dans l'achat|rol|rol de compra|rol del contacto|ruolo|ruolo contatto|\
         ruolo d'acquisto|rol contactpersoon|aankooprol|rola|rola kontaktu|rola zakupowa|papel|função do contato|papel de compra|roll|\
         kontaktroll|köproll|kontaktrolle|købsrolle|role kontaktu|nákupní role",
    ),
    (
        Field::Language,
        Strong,
        "language|preferred language|contact language|correspondence language|language code|hs_language|sprache|korrespondenzsprache|\
         bevorzugte sprache|kontaktsprache|langue|langue préférée|langue de correspondance|langue de contact|idioma|idioma preferido|\
         lengua|lingua|lingua preferita|taal|voorkeurstaal|język|preferowany język|język kontaktu|idioma preferencial|språk|\
         önskat språk|sprog|foretrukket sprog|jazyk|preferovaný jazyk|kieli|язык|言語|dil|nyelv|γλώσσα|语言|언어",
    ),
    (
        Field::Country,
        Strong,
        "country|country/region|country code|country name|mailing country|mailing country code|mailing country/territory|\
         business country|business country/region|address 1: country/region|address 1 - country|work country|country (mailing)|land|\
         land/region|land/region geschäftlich|ländercode|länderkürzel|staat|pays|pays/région|code pays|pays (bureau)|país|país/región|\
         código de país|paese|paese/area geografica|nazione|codice paese|landcode|land/regio|kraj|kraj/region|kod kraju|país/região|\
         land/område|landekode|landskod|země|země/oblast|stát|kód země|ip country|maa|страна|国|ülke|ország|χώρα|国名|国家|国家/地区|국가",
    ),
    (
        Field::Country,
        Weak,
        "billing country|account country|shipping country|company country|home country|home country/region|other country|\
         other country/region",
    ),
    (Field::Region, Strong, "region"),
    (Field::City, Strong, "city|town|mailing city|business city|ort|stadt|ville"),
    (
        Field::State,
        Strong,
        "state|state/region|state/province|mailing state|mailing state/province|mailing state code|mailing state/province code|state code|\
         province|business state|address 1: state/province|address 1 - region|bundesland|kanton|canton|bundesland/kanton|\
         état/province|département|provincia|estado|provincia/stato|provincie|województwo|estado/província|län|landsdel|kraj/provincie",
    ),
    (
        Field::State,
        Weak,
        "billing state|billing state/province|home state|other state|shipping state|shipping state/province",
    ),
    (
        Field::TimeZone,
        Strong,
        "time zone|time_zone|timezone|tz|contact time zone|zeitzone|fuseau horaire|zona horaria|huso horario|fuso orario|tijdzone|\
         strefa czasowa|fuso horário|tidszon|tidszone|časové pásmo|aikavyöhyke|часовой пояс|タイムゾーン",
    ),
    (
        Field::Director,
        Strong,
        "account_director|account director|director|key account director|client director|customer director|relationship director|\
         client partner|kundenverantwortlicher|kundenverantwortliche|kundenverantwortliche/r|accountverantwortlicher|kundendirektor|\
         account-direktor|directeur de compte|directeur de comptes|directrice de compte|directeur de clientèle|directeur grands comptes|\
         director de cuenta|director de cuentas|directora de cuenta|director de la cuenta|direttore account|direttore clienti|\
         direttore commerciale account|accountdirecteur|account directeur|klantdirecteur|dyrektor klienta|dyrektor ds. klienta|\
         dyrektor konta|diretor de conta|diretor de contas|diretora de conta|kunddirektör|kundedirektør|kundedirektor|\
         ředitel zákazníka|ředitel účtu|ředitel pro klienta|ředitele zákazníka|ředitele účtu|ředitele pro klienta|dyrektora klienta|\
         dyrektora konta|\
         директор по работе с клиентами|директор по клиенту|müşteri direktörü|hesap direktörü|ügyféligazgató|アカウントディレクター|担当役員|客户总监|고객담당이사",
    ),
    (
        Field::Manager,
        Strong,
        "account_manager|account manager|account owner|contact owner|company owner|manager|owner|record owner|key account manager|\
         account executive|kundenbetreuer|kundenbetreuerin|betreuer|betreuer/in|account-manager|accountinhaber|kontoinhaber|\
         kontaktinhaber|zuständiger mitarbeiter|responsable de compte|responsable de comptes|chargé de compte|propriétaire du compte|\
         propriétaire du contact|gestor de cuenta|gestor de cuentas|ejecutivo de cuenta|propietario de la cuenta|\
         propietario del contacto|responsabile account|responsabile cliente|proprietario account|titolare account|\
         proprietario del contatto|accountbeheerder|eigenaar account|accounteigenaar|relatiebeheerder|contacteigenaar|opiekun klienta|\
         opiekun|właściciel konta|właściciel kontaktu|gestor de conta|gerente de conta|gerente de contas|proprietário da conta|\
         proprietário do contato|kundansvarig|kontoägare|kontaktägare|kundeansvarlig|kontoejer|kontaktejer|vlastník účtu|\
         vlastník kontaktu|správce klienta|obchodní zástupce|správce účtu|opiekuna klienta|менеджер|менеджера|\
         менеджер по работе с клиентами|ответственный|\
         müşteri yöneticisi|hesap yöneticisi|kapcsolattartó|担当営業|営業担当|担当者|客户经理|영업담당",
    ),
    (
        Field::Strategic,
        Strong,
        "strategic|strategic account|is strategic|key account|strategisch|strategischer kunde|schlüsselkunde|stratégique|\
         compte stratégique|compte clé|client stratégique|estratégico|cuenta estratégica|cliente estratégico|strategico|\
         cliente strategico|account strategico|strategische klant|strategische account|strategiczny|klient strategiczny|\
         conta estratégica|strategisk|strategisk kund|strategisk kunde|nyckelkund|nøglekunde|strategický|strategický zákazník|\
         klíčový zákazník",
    ),
    (
        Field::AnnualRevenue,
        Strong,
        "annual_revenue|annual revenue|revenue|annual turnover|turnover|revenue (annual)|annual sales|jahresumsatz|umsatz|\
         chiffre d'affaires|chiffre d'affaires annuel|ca annuel|ingresos anuales|facturación|facturación anual|volumen de negocio|\
         fatturato|fatturato annuo|ricavi annuali|jaaromzet|omzet|jaarlijkse omzet|roczny przychód|przychody|obrót|obroty|\
         receita anual|faturamento|faturamento anual|omsättning|årsomsättning|omsætning|årlig omsætning|roční obrat|obrat|tržby",
    ),
];

/// What stands before or after the name of somebody to mean that person's address; the longest first.
const ADDRESSES: &str = "e-mail address|e-mail-adresse|e-mail addresses|adresse e-mail|adresse mail|mail address|mail-adresse|\
    dirección de correo electrónico|correo electrónico|indirizzo e-mail|indirizzo mail|posta elettronica|e-mailadres|adres e-mail|\
    endereço de e-mail|e-postadress|e-mailadresse|e-mailová adresa|e-post|e-mails|e-mail|courriel|correo|mail|mejl|\
    электронная почта|эл. почта|e-posta adresi|e-posta|メールアドレス|メール|电子邮件|电子邮箱|邮箱|이메일";

/// The same for a person's name.
const CALLED: &str = "full name|vollständiger name|nom complet|nombre completo|nome completo|name|nom|nombre|nome|naam|nazwisko|namn|\
    navn|jméno";

/// Words between the two.
const BETWEEN: [&str; 20] = [
    "dela", "della", "dello", "del", "des", "der", "dem", "de", "du", "di", "da", "do", "das", "van", "von", "vom",
    "of", "the", "s", "d",
];

/// Whose address it is when it is the contact's own.
const OWN: &str = "contact|contacts|contact's|person|person's|work|business|primary|professional|company|corporate|office|customer|\
    kontakt|kontakts|ansprechpartner|geschäftlich|geschäftliche|dienstlich|dienstliche|firmen|berufliche|professionnel|\
    professionnelle|du contact|principal|contacto|trabajo|empresa|corporativo|contatto|aziendale|lavoro|zakelijk|contactpersoon|\
    kontaktu|służbowy|firmowy|osoby kontaktowej|contato|trabalho|arbete|kontaktperson|arbejde|pracovní|kontaktní|preferred|main|1";

/// What a report puts before the columns of a person.
const OF_PERSON: &str =
    "contact|contacts|person|people|kontakt|kontakte|contacto|contatto|contato|ansprechpartner|lead";

static KNOWN: LazyLock<HashMap<String, (Field, Strength)>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    for (field, strength, names) in NAMES {
        for name in names.split('|') {
            known.entry(folded(name)).or_insert((*field, *strength));
        }
    }
    for field in Field::ALL {
        known.insert(folded(field.as_str()), (field, Strong));
    }
    known
});

fn words(list: &'static str) -> Vec<String> {
    let mut all: Vec<String> = list.split('|').map(folded).collect();
    all.sort_by_key(|word| std::cmp::Reverse(word.len()));
    all
}

static ADDRESS: LazyLock<Vec<String>> = LazyLock::new(|| words(ADDRESSES));
static NAME: LazyLock<Vec<String>> = LazyLock::new(|| words(CALLED));
static OWNS: LazyLock<Vec<String>> = LazyLock::new(|| words(OWN));
static PERSON: LazyLock<Vec<String>> = LazyLock::new(|| words(OF_PERSON));

/// The field that a header names, and how certainly.
pub fn named(header: &str) -> Option<(Field, Strength)> {
    let whole = folded(header);
    if whole.is_empty() || whole.len() > 80 {
        return None;
    }
    if let Some(known) = KNOWN.get(&whole).or_else(|| KNOWN.get(whole.trim_end_matches("required"))) {
        return Some(*known);
    }
    if let Some(rest) = without(&whole, &ADDRESS) {
        return of_address(&rest);
    }
    if let Some((field @ (Field::Director | Field::Manager), strength)) =
        without(&whole, &NAME).and_then(|rest| KNOWN.get(&rest).copied())
    {
        return Some((field, strength));
    }
    let (before, after) = header.split_once(": ").or(header.split_once(" - ")).or(header.split_once(['.', ':']))?;
    PERSON.contains(&folded(before)).then(|| named(after)).flatten()
}

fn of_address(whose: &str) -> Option<(Field, Strength)> {
    if whose.is_empty() || OWNS.iter().any(|own| own == whose) {
        return Some((Field::Email, Strong));
    }
    let bare = without(whose, &NAME).unwrap_or_else(|| whose.to_owned());
    match KNOWN.get(whose).or_else(|| KNOWN.get(&bare)).or_else(|| KNOWN.get(whose.trim_end_matches('s')))? {
        (Field::Director, strength) => Some((Field::DirectorEmail, *strength)),
        (Field::Manager, strength) => Some((Field::ManagerEmail, *strength)),
        _ => None,
    }
}

/// The folded text without one of these words at its beginning or end, and without what joins them.
fn without(text: &str, words: &[String]) -> Option<String> {
    let rest = words.iter().find_map(|word| {
        let end = text.strip_suffix(word.as_str());
        end.map(|rest| (rest, false)).or_else(|| text.strip_prefix(word.as_str()).map(|rest| (rest, true)))
    });
    let (rest, behind) = rest?;
    if KNOWN.contains_key(rest) || !behind {
        return Some(rest.to_owned());
    }
    let joined = BETWEEN
        .iter()
        .filter_map(|join| rest.strip_prefix(join))
        .find(|rest| KNOWN.contains_key(*rest) || OWNS.iter().any(|own| own == rest));
    Some(joined.unwrap_or(rest).to_owned())
}

/// The field that a header cell names.
pub fn field(header: &str) -> Option<Field> {
    named(header).map(|(field, _)| field)
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
