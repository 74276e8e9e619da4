//! A round begins: from the template, or from an earlier round; the page has the form for a folder, too. What is wrong is said beside its
//! field, and nothing is made then.

use axum::extract::State;
use axum::http::StatusCode;

use crate::base::problem::Kind;
use crate::base::sentence::capitalised;
use crate::steps::round::making::{self, Made, MakeRound, Pattern};
use crate::store::round::rounds;
use crate::web::console::views::plan::mistakes;
use crate::web::console::views::rounds::making::{NewRoundForm, NewRoundPage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{back, console};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::{Choice, Control, Field};
use crate::web::kit::views::page::respond;

use super::opening;

const TEMPLATE: &str = "template";
const EARLIER: &str = "earlier";

/// What is wrong, by field of the form that was sent.
type Wrong = Vec<(&'static str, String)>;

pub async fn page(State(web): State<Web>, by: Operator, Words(words): Words) -> Answer {
    Ok(respond(StatusCode::OK, &show(&web, &by, &words, &Fields::default(), &[]).await?))
}

/// The same, with what is wrong with the folder that was sent.
pub async fn of_folder(web: &Web, by: &Operator, refused: Vec<String>) -> Answer {
    let nothing = Fields::default();
    let page = NewRoundPage { refused, ..show(web, by, &nothing, &nothing, &[]).await? };
    Ok(respond(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn show(
    web: &Web,
    by: &Operator,
    words: &Fields,
    typed: &Fields,
    wrong: &[(&'static str, String)],
) -> Result<NewRoundPage, Failure> {
    let known = rounds::list(&mut web.ctx.db.read().await?).await?;
    let sent = typed.get("act");
    let field = |form: &str, field: Field| match sent == form {
        true => Field {
            value: typed.get(&field.name).into(),
            error: wrong.iter().find(|(name, _)| *name == field.name).map(|(_, sentence)| sentence.clone()),
            ..field
        },
        false => field,
    };
    let opens = making::next_opening(&web.ctx)?;
    let doubt = match typed.get("opens").parse() {
        Ok(opens) if sent == TEMPLATE => making::doubt(&web.ctx, &making::opening_on(opens)?),
        _ => None,
    };
    let name_hint =
        "Lower-case letters, digits and hyphens, for example acme-2028. It stands in links and keeps its name.";
    let template = vec![
        Field::text("client", "Client", "").hint("The company that is assessed, as its customers call it."),
        Field::text("round", "Short name of the round", "").hint(name_hint),
        Field::text("opens", "Opens", opens.to_string())
            .hint("The day of the invitations. All other days follow from it and can be changed.")
            .control(Control::Date),
    ];
    let template: Vec<Field> = template.into_iter().chain(opening::field(doubt.as_ref())).collect();
    let choices: Vec<Choice> =
        known.iter().map(|r| Choice::new(r.slug.as_str(), format!("{}, {}", r.client, r.slug))).collect();
    let first = choices.first().map_or(String::new(), |choice| choice.value.clone());
    let earlier = vec![
        Field::select("from", "Earlier round", first, choices),
        Field::text("round", "Short name of the new round", "")
            .optional()
            .hint("Empty: the same with the new year, so that acme-2027 becomes acme-2028."),
    ];
    let form = |id: &'static str, title, explain, fields: Vec<Field>| NewRoundForm {
        id,
        csrf: by.csrf.clone(),
        title,
        explain,
        fields: fields.into_iter().map(|f| field(id, f)).collect(),
    };
    let template = form(
        TEMPLATE,
        "From the template",
        "Letters in English, German and French, questions and a schedule of four weeks, ready to be changed. Names and addresses in it are \
         invented: they are listed until yours stand there.",
        template,
    );
    let earlier = (!known.is_empty()).then(|| {
        form(
            EARLIER,
            "From an earlier round",
            "Its settings, letters and questions; its days move to the same weekdays of the next year that is still to come. What changed \
             since last year is to be written anew. The list is not taken over: “Make next year’s \
             round”, on the overview of the round, takes it along.",
            earlier,
        )
    });
    let all = mistakes(TEMPLATE, &template.fields).into_iter();
    let all = all.chain(earlier.iter().flat_map(|form| mistakes(EARLIER, &form.fields))).collect();
    let console = console(web, by, None, "", words);
    Ok(NewRoundPage { console, mistakes: all, template, earlier, refused: Vec::new() })
}

pub async fn act(State(web): State<Web>, posted: Posted) -> Answer {
    let Posted { by, fields } = posted;
    match make(&web, &by, &fields).await? {
        Ok((slug, Made::New)) => Ok(back(&urls::settings(&slug), "make")),
        Ok((slug, Made::Before)) => Ok(back(&urls::settings(&slug), "made")),
        Err(wrong) => {
            let page = show(&web, &by, &Fields::default(), &fields, &wrong).await?;
            Ok(respond(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn make(web: &Web, by: &Operator, fields: &Fields) -> Result<Result<(String, Made), Wrong>, Failure> {
    let (form, name) = (fields.get("act"), fields.get("round"));
    let (pattern, from) = match form {
        TEMPLATE => {
            let Ok(opens) = fields.get("opens").parse() else {
                return Ok(Err(vec![("opens", "Write a day such as 2027-02-08.".into())]));
            };
            if name.is_empty() {
                return Ok(Err(vec![("round", "Write a short name such as acme-2028.".into())]));
            }
            (Pattern::Template { client: fields.get("client").into(), opens }, "the template".to_string())
        }
        EARLIER => (Pattern::Earlier(fields.get("from").into()), format!("round {}", fields.get("from"))),
        _ => return Err(Failure::unknown()),
    };
    let content = match making::draft(&web.ctx, pattern, name).await {
        Err(problem) if problem.kind == Kind::NotFound => {
            return Ok(Err(vec![("from", "There is no such round any more. Choose another.".into())]));
        }
        content => content?,
    };
    let faults = making::faults(&web.ctx, &content);
    if !faults.is_empty() {
        // What is not typed here belongs to the field from which it follows.
        let other = if form == TEMPLATE { "opens" } else { "from" };
        let mut wrong: Wrong = Vec::new();
        for fault in &faults {
            let (field, sentence) = match fault.key() {
                Some(("round", rest)) => ("round", capitalised(&format!("it {rest}"))),
                Some(("client", rest)) if form == TEMPLATE => ("client", capitalised(&format!("it {rest}"))),
                _ => (other, capitalised(&fault.message)),
            };
            match wrong.iter_mut().find(|(known, _)| *known == field) {
                Some((_, all)) => *all = format!("{all} {sentence}"),
                None => wrong.push((field, sentence)),
            }
        }
        return Ok(Err(wrong));
    }
    let doubt = (form == TEMPLATE).then(|| making::doubt(&web.ctx, &content.spec.schedule)).flatten();
    let meant = fields.get(opening::MEANT) == "yes";
    if let Some(sentence) = opening::refusal(doubt.as_ref(), content.spec.schedule.opens, meant) {
        return Ok(Err(vec![("opens", sentence)]));
    }
    let slug = content.spec.round.clone();
    match web.ctx.order(&by.actor(), MakeRound { content, from }).await {
        Ok(made) => Ok(Ok((slug, made))),
        Err(problem) if problem.kind == Kind::Refused => {
            Ok(Err(vec![("round", format!("{} {}", problem.what, problem.next))]))
        }
        Err(problem) => Err(problem.into()),
    }
}
