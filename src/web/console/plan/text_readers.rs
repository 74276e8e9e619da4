//! For whom a text is shown: somebody of the list whose name or data ask most of it, anybody who is looked for, or somebody who is invented.

use crate::base::ids::{ContactId, is_id};
use crate::base::problem::Problem;
use crate::rules::letters::{Face, Faces};
use crate::steps::Live;
use crate::steps::letters::preview;
use crate::store::contacts::search as people;
use crate::web::console::contacts::part::Part;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::state::Web;
use crate::web::kit::views::form::{Choice, Field};

/// Who reads it, and the fields in which another one is chosen; no fields where nobody can be.
#[derive(Default)]
pub struct Chosen {
    pub reader: Option<ContactId>,
    pub fields: Vec<Field>,
}

const INVENTED: &str = "Somebody who is invented";

/// With the fields: for the page of a text.
pub async fn chosen(web: &Web, live: &Live, name: &str, fields: &Fields) -> Result<Chosen, Problem> {
    if !preview::has_readers(live, name) {
        return Ok(Chosen::default());
    }
    let faces = preview::readers(&web.ctx, live).await?;
    let asked = asked_for(web, live, fields).await?;
    let mut choices = choices(&faces);
    let reader = match asked {
        Some(Asked { reader, found }) => {
            choices.extend(reader.iter().zip(found).map(|(id, name)| Choice::new(id.as_str(), name)));
            reader
        }
        None => first(&faces),
    };
    let value = reader.as_ref().map_or("", |id| id.as_str()).to_owned();
    if choices.iter().all(|choice| choice.value != value) {
        choices.push(Choice::new(value.clone(), "Who was looked for"));
    }
    let fields = vec![
        Field::select("reader", "As read by", value, choices).optional(),
        Field::text("who", "Or by somebody else", "").optional().hint("A name, an account or an address of the list."),
    ];
    Ok(Chosen { reader, fields })
}

/// Without them: for the letters, which follow what is typed.
pub async fn reader(web: &Web, live: &Live, name: &str, fields: &Fields) -> Result<Option<ContactId>, Problem> {
    if !preview::has_readers(live, name) {
        return Ok(None);
    }
    match asked_for(web, live, fields).await? {
        Some(asked) => Ok(asked.reader),
        None => Ok(first(&preview::readers(&web.ctx, live).await?)),
    }
}

/// Where nobody was asked for, the longest name of the list.
fn first(faces: &Faces) -> Option<ContactId> {
    faces.longest.as_ref().or(faces.lacking.as_ref()).map(|face| face.id.clone())
}

struct Asked {
    /// None: somebody who is invented.
    reader: Option<ContactId>,
    /// The name of whoever was found by words.
    found: Option<String>,
}

/// None where a form says nothing of it.
async fn asked_for(web: &Web, live: &Live, fields: &Fields) -> Result<Option<Asked>, Problem> {
    if let Some((id, name)) = sought(web, live, fields.get("who")).await? {
        return Ok(Some(Asked { reader: Some(id), found: Some(format!("{name} (looked for)")) }));
    }
    let said = fields.pairs().any(|(name, _)| name == "reader");
    let reader = Some(fields.get("reader")).filter(|id| is_id(id)).map(ContactId::from);
    Ok(said.then_some(Asked { reader, found: None }))
}

fn choices(faces: &Faces) -> Vec<Choice> {
    let known = [
        (&faces.longest, "the longest name"),
        (&faces.lacking, "lacks a name or an account manager"),
        (&faces.right_to_left, "written from right to left"),
    ];
    let choice = |(face, why): (&Option<Face>, &str)| {
        face.as_ref().map(|face| Choice::new(face.id.as_str(), format!("{} ({why})", face.name())))
    };
    known.into_iter().filter_map(choice).chain([Choice::new("", INVENTED)]).collect()
}

/// The first who is found by these words.
async fn sought(web: &Web, live: &Live, words: &str) -> Result<Option<(ContactId, String)>, Problem> {
    if words.is_empty() {
        return Ok(None);
    }
    let part = Part::of(&Fields::of([("q", words)]), live.spec.participation);
    let mut tx = web.ctx.db.read().await?;
    let search = part.search(&mut tx, &live.id).await?;
    let found = people::page(&mut tx, &live.id, &search, 1, 0).await?;
    Ok(found.into_iter().next().map(|person| (person.id.clone(), person.full_name())))
}
