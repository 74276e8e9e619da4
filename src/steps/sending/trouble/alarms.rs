//! What a person must hear of an incident, and what is asked back: whose trouble was it?

use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::ids::IncidentId;
use crate::base::problem::{Problem, Result};
use crate::rules::message::MessageKind;
use crate::steps::completion::told;
use crate::store::Tx;
use crate::store::sending::trouble as store;
use crate::store::sending::trouble::{Incident, IncidentFigures};

/// People named beside an incident at most.
const NAMED: i64 = 20;

/// Somebody whose message was refused.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub email: String,
    /// None where it would tell whether he has answered.
    pub kind: Option<MessageKind>,
    /// The address was taken for dead.
    pub dead: bool,
}

impl Person {
    pub fn what(&self) -> &'static str {
        self.kind.map_or("later letter", MessageKind::label)
    }
}

/// An incident of which nobody has said yet whose trouble it was.
#[derive(Clone, Debug)]
pub struct IncidentAlarm {
    pub incident: Incident,
    pub figures: IncidentFigures,
    /// Some of them, in the order in which they were refused.
    pub people: Vec<Person>,
}

impl IncidentAlarm {
    pub fn id(&self) -> &IncidentId {
        &self.incident.id
    }

    pub fn since(&self) -> Ts {
        self.incident.at
    }

    /// Nothing goes there now.
    pub fn holds(&self) -> bool {
        holds(&self.incident)
    }

    pub fn is_about_all(&self) -> bool {
        is_about_all(&self.incident)
    }

    pub fn title(&self) -> String {
        title(&self.incident)
    }

    /// With the words of the refusal.
    pub fn what(&self) -> String {
        format!("{} It said: \u{201c}{}\u{201d}.", self.summary(), self.incident.said)
    }

    pub fn summary(&self) -> String {
        let IncidentFigures { messages, addresses, dead, .. } = self.figures;
        let whose = whose(&self.incident);
        let dead = match dead {
            0 => String::new(),
            1 => " 1 address was taken for dead.".into(),
            n => format!(" {n} addresses were taken for dead."),
        };
        let messages = counted(messages, "message", "messages");
        let addresses = counted(addresses, "address", "addresses");
        format!("The same refusal came for {addresses}, one after the other ({messages}). {whose}{dead}")
    }

    /// What a person has to find out.
    pub fn advice(&self) -> &'static str {
        advice(&self.incident)
    }

    pub fn next_step(&self) -> String {
        format!(
            "{1} If it was not the addresses: `soundings sending retry {0}` undoes what was concluded and tries again what was refused. \
             If they are dead indeed: `soundings sending confirm {0}`.",
            self.id(),
            self.advice()
        )
    }

    /// For `sending show --json`.
    pub fn json(&self) -> serde_json::Value {
        let people = self
            .people
            .iter()
            .map(|p| serde_json::json!({ "name": p.name, "email": p.email, "kind": p.kind, "taken_for_dead": p.dead }));
        serde_json::json!({
            "incident": self.id(), "since": self.since(), "held": self.holds(), "scope": self.incident.scope,
            "said": self.incident.said, "messages": self.figures.messages, "addresses": self.figures.addresses,
            "taken_for_dead": self.figures.dead, "next_try": self.incident.try_at, "people": people.collect::<Vec<_>>(),
        })
    }
}

fn holds(incident: &Incident) -> bool {
    incident.lifted_at.is_none()
}

pub fn is_about_all(incident: &Incident) -> bool {
    incident.scope.is_empty()
}

/// What an incident is called wherever it stands.
pub fn title(incident: &Incident) -> String {
    let scope = &incident.scope;
    match (holds(incident), is_about_all(incident)) {
        (true, true) => "All sending is held".into(),
        (true, false) => format!("Mail to {scope} is held"),
        (false, true) => "Mail goes again; what was refused waits for you".into(),
        (false, false) => format!("Mail to {scope} goes again; what was refused waits for you"),
    }
}

fn whose(incident: &Incident) -> &'static str {
    match is_about_all(incident) {
        true => "That is likely our own relay or sender, not the addresses.",
        false => "That is likely the gateway or how it stands with us, not the addresses.",
    }
}

/// What a person has to find out.
pub fn advice(incident: &Incident) -> &'static str {
    match is_about_all(incident) {
        true => {
            "Find out what our relay or provider has against our mail and mend it, then say here whose trouble it was. Until then nobody \
             is asked to repair these contacts."
        }
        false => {
            "Ask somebody at the company or its postmaster what has happened there, then say here whose trouble it was. Until then nobody \
             is asked to repair these contacts."
        }
    }
}

/// What an incident that holds mail is, for whoever asks often: how many were refused is not counted.
pub fn in_short(incident: &Incident) -> String {
    let said = &incident.said;
    format!(
        "{}. The same refusal came for many addresses, one after the other. {} It said: \u{201c}{said}\u{201d}.",
        title(incident),
        whose(incident)
    )
}

/// Incidents that hold mail now. What they are about is not counted.
pub async fn holding(tx: &mut Tx) -> Result<Vec<Incident>> {
    Ok(store::held(tx).await?.into_iter().filter(|incident| incident.settled_at.is_none()).collect())
}

/// The incidents that wait for somebody, those that hold mail first, and what they are called.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<(IncidentId, String)>> {
    let mut open = store::unsettled(tx).await?;
    open.sort_by_key(|incident| !holds(incident));
    Ok(open.into_iter().map(|incident| (incident.id.clone(), title(&incident))).collect())
}

/// What they are called.
pub async fn titles(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(waiting(tx).await?.into_iter().map(|(_, title)| title).collect())
}

/// Incidents that wait for somebody, those that hold mail first, with what they are about.
pub async fn alarms(tx: &mut Tx) -> Result<Vec<IncidentAlarm>> {
    let mut alarms = Vec::new();
    for incident in store::unsettled(tx).await? {
        let figures = store::figures(tx, &incident.id).await?;
        let concerned = store::first_of_incident(tx, &incident.id, NAMED).await?;
        let mut people = Vec::with_capacity(concerned.len());
        for c in concerned {
            let told = told::of_letter(tx, &c.lane, c.kind).await?;
            people.push(Person {
                name: c.to_name,
                email: c.to_email.to_string(),
                kind: Some(c.kind).filter(|_| told),
                dead: c.dead.0,
            });
        }
        alarms.push(IncidentAlarm { incident, figures, people });
    }
    alarms.sort_by_key(|alarm| !alarm.holds());
    Ok(alarms)
}

/// The incident that is waiting under this id, or under what it begins with.
pub async fn by_prefix(tx: &mut Tx, id: &str) -> Result<Incident> {
    let open = store::unsettled(tx).await?;
    let mut found = open.into_iter().filter(|i| !id.is_empty() && i.id.as_str().starts_with(id));
    match (found.next(), found.next()) {
        (Some(incident), None) => Ok(incident),
        (Some(_), Some(_)) => Err(Problem::refused(
            "Several incidents begin so.",
            "Give the whole id, as `soundings sending show` prints it.",
        )
        .on_page("Open the page “Sending” again and answer there.")),
        (None, _) => Err(Problem::not_found(
            format!("No incident {id} waits for anybody."),
            "`soundings sending show` prints those that do.",
        )
        .on_page("The page “Sending” shows those that do; somebody has answered this one.")),
    }
}
