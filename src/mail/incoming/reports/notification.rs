//! Reports of mail services that come as JSON inside a mail: Amazon SES by way of SNS.

use serde::Deserialize;

use crate::mail::incoming::address;
use crate::mail::incoming::excerpt::beginning;
use crate::rules::replies::{Class, Recipient};
use crate::rules::sending::refusal::{Evidence, codes};

use super::limits::{LONGEST_WORDS, MOST_RECIPIENTS};
use super::{bounce_class, fields};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    #[serde(alias = "eventType")]
    notification_type: String,
    #[serde(default)]
    bounce: Bounce,
    #[serde(default)]
    complaint: Complaint,
    #[serde(default)]
    delivery: Delivery,
    #[serde(default)]
    mail: Mail,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Bounce {
    bounce_type: String,
    bounce_sub_type: String,
    bounced_recipients: Vec<Named>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Complaint {
    complained_recipients: Vec<Named>,
    complaint_feedback_type: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Delivery {
    recipients: Vec<String>,
    smtp_response: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Named {
    email_address: String,
    status: Option<String>,
    diagnostic_code: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Mail {
    common_headers: CommonHeaders,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CommonHeaders {
    message_id: Option<String>,
}

/// Recipients and the Message-ID of the mail that it is about, when a text is such a notification.
pub fn read(text: &str) -> Option<(Vec<Recipient>, Option<String>)> {
    let text = text.trim_start();
    if !text.starts_with('{') {
        return None;
    }
    // Transport breaks long lines inside the strings.
    let json: String = text.replace("\n ", "").replace(['\r', '\n'], "");
    let told = serde_json::Deserializer::from_str(&json).into_iter::<Notification>().next()?.ok()?;
    let recipients: Vec<Recipient> = match told.notification_type.as_str() {
        "Bounce" => told.bounce.bounced_recipients.iter().filter_map(|r| bounced(&told.bounce, r)).collect(),
        "Complaint" => {
            let kind = told.complaint.complaint_feedback_type.as_deref().unwrap_or("abuse");
            let named = told.complaint.complained_recipients.iter();
            named.filter_map(|r| simple(&r.email_address, Class::Feedback, kind)).collect()
        }
        "Delivery" => {
            let named = told.delivery.recipients.iter();
            named.filter_map(|r| simple(r, Class::DeliveredNotice, &told.delivery.smtp_response)).collect()
        }
        _ => return None,
    };
    Some((recipients.into_iter().take(MOST_RECIPIENTS).collect(), told.mail.common_headers.message_id))
}

fn simple(email: &str, class: Class, said: &str) -> Option<Recipient> {
    Some(Recipient { address: address::tidy(email)?, class, status: None, said: words(said) })
}

fn words(text: &str) -> String {
    fields::one_line(beginning(text, LONGEST_WORDS))
}

fn bounced(bounce: &Bounce, named: &Named) -> Option<Recipient> {
    let said = words(named.diagnostic_code.as_deref().unwrap_or(&bounce.bounce_sub_type));
    let said = said.strip_prefix("smtp; ").unwrap_or(&said);
    let status = named.status.as_deref().and_then(codes::status);
    let verdict =
        bounce_class::classify(Evidence { field: status, said, around: &bounce.bounce_type, ..Evidence::default() });
    let class = if bounce.bounce_type == "Permanent" { verdict.class } else { Class::SoftBounce };
    Some(Recipient {
        address: address::tidy(&named.email_address)?,
        class,
        status: verdict.status,
        said: said.to_owned(),
    })
}
