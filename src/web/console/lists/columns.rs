//! Which column of a list is which: what it was taken for and why, to be looked at and corrected.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::base::problem::{Kind as ProblemKind, Problem};
use crate::base::sentence::capitalised;
use crate::intake::list::{CheckedList, Choice, ColumnLook, FileLook, Kind, Why};
use crate::rules::contacts::row::Field;
use crate::rules::contacts::together::keys::NoKey;
use crate::steps::Live;
use crate::steps::contacts::upload::Upload;
use crate::steps::contacts::upload::column_choices::{self, ColumnChoice, ForgetColumn, meaning};
use crate::steps::contacts::upload::upload_choice::{self, ChooseColumns, ReadAs};
use crate::steps::contacts::upload::upload_end::DiscardUpload;
use crate::web::console::views::lists::{ColumnRow, ColumnsPage, RememberedColumn, Steps, discard};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Choice as Entry, Field as Input, Mistake};
use crate::web::kit::views::frame::{Count, Status};
use crate::web::kit::views::page::respond;

use super::reading;

/// The value of a column that is none of ours.
const NONE: &str = "none";

pub fn steps(live: &Live, upload: &Upload, current: &'static str) -> Steps {
    let (slug, id) = (&live.slug, &upload.id);
    Steps::of(urls::upload(slug, id), urls::findings(slug, id), urls::difference(slug, id), current)
}

pub async fn page(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
    by: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let upload = reading::find(&web, &live, &id).await?;
    show(&web, &live, &by, &upload, &words, Said::default()).await
}

/// What was chosen and could not be taken.
#[derive(Default)]
pub struct Said {
    /// By number of the column.
    values: BTreeMap<usize, String>,
    wrong: Vec<(usize, String)>,
    /// What is wrong with the list as a whole.
    whole: Option<String>,
    /// It was said of another table than the file is read as now.
    stale: bool,
}

impl Said {
    /// The list cannot be read by its columns as they are.
    pub fn of(problem: &Problem) -> Said {
        Said { whole: Some(problem.for_page()), ..Said::default() }
    }

    fn stale() -> Said {
        Said { stale: true, ..Said::of(&reading::read_otherwise()) }
    }

    fn status(&self) -> StatusCode {
        match self.is_wrong() {
            _ if self.stale => StatusCode::CONFLICT,
            true => StatusCode::UNPROCESSABLE_ENTITY,
            false => StatusCode::OK,
        }
    }

    fn is_wrong(&self) -> bool {
        self.whole.is_some() || !self.wrong.is_empty()
    }
}

pub async fn show(web: &Web, live: &Live, by: &Operator, upload: &Upload, words: &Fields, said: Said) -> Answer {
    let (_, look) = reading::look(web, live, upload, upload_choice::choice(upload)).await?;
    let status = said.status();
    let no_key = upload_choice::no_key(upload);
    let here = urls::upload(&live.slug, &upload.id);
    let whole = said.whole.iter().map(|message| Mistake { field: "main".into(), message: message.clone() });
    let wrong = said
        .wrong
        .iter()
        .map(|(number, message)| Mistake { field: format!("column-{number}"), message: message.clone() });
    let remembered = column_choices::of_client(&web.ctx, &live.spec.client).await?;
    let page = ColumnsPage {
        console: console(web, by, Some(live), "contacts", words),
        id: "reading",
        steps: steps(live, upload, "Columns"),
        mistakes: whole.chain(wrong).collect(),
        discard: discard(&here, &by.csrf, &upload.file_name),
        here,
        name: upload.file_name.clone(),
        kind: kind(look.kind),
        header_row: Count(look.header_row),
        reading: how_it_is_read(&look),
        how: how(&look),
        read_as: ReadAs::of(&look).table().to_string(),
        reading_open: look.sheets.len() > 1,
        other_sheets: reading::other_sheets(&look),
        columns: look
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| row(at + 1, column, &said, no_key.as_ref()))
            .collect(),
        remembered: remembered.into_iter().map(|column| remembered_column(web, live, by, upload, column)).collect(),
    };
    Ok(respond(status, &page))
}

fn remembered_column(web: &Web, live: &Live, by: &Operator, upload: &Upload, column: ColumnChoice) -> RememberedColumn {
    RememberedColumn {
        is: capitalised(&meaning(&column.field)),
        by: column.chosen_by,
        at: when(column.chosen_at, web.ctx.clock.now(), &home(live)),
        forget: ActionForm {
            action: urls::upload(&live.slug, &upload.id),
            act: "forget",
            csrf: by.csrf.clone(),
            hidden: vec![("header", column.header.clone())],
            label: "Forget".into(),
            about: column.header.clone(),
            places: vec!["remembered".into()],
            ..ActionForm::default()
        },
        header: column.header,
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Csv => "a CSV file",
        Kind::Tsv => "a file with tabs",
        Kind::Xlsx => "an Excel workbook",
        Kind::Xls => "an Excel workbook of the older kind",
        Kind::Ods => "a LibreOffice spreadsheet",
    }
}

/// Sheet and encoding, where there is more than one.
fn how_it_is_read(look: &FileLook) -> Vec<Input> {
    let mut fields = Vec::new();
    if look.sheets.len() > 1 {
        let label = |sheet: &String| match look.hidden_sheets.contains(sheet) {
            true => format!("{sheet} (hidden)"),
            false => sheet.clone(),
        };
        let choices = look.sheets.iter().map(|sheet| Entry::new(sheet, label(sheet))).collect();
        let value = look.sheet.clone().unwrap_or_default();
        fields.push(Input::select("sheet", "Sheet", value, choices));
    }
    if look.encodings.len() > 1 {
        let label = |e: &crate::intake::list::EncodingSample| match e.samples.is_empty() {
            true => e.name.clone(),
            false => format!("{} ({})", e.samples.join(", "), e.name),
        };
        let choices = look.encodings.iter().map(|e| Entry::new(&e.name, label(e))).collect();
        let value = look.encoding.clone().unwrap_or_default();
        let field = Input::select("encoding", "Letters, as they are to read", value, choices);
        fields.push(field.hint("Choose the line that reads right."));
    }
    fields
}

fn how(look: &FileLook) -> String {
    let sheet = look.sheet.as_ref().filter(|_| look.sheets.len() > 1).map(|sheet| format!("Sheet “{sheet}”"));
    let letters = look.encoding.as_ref().map(|name| format!("Letters read as {name}. Do names look wrong?"));
    sheet.into_iter().chain(letters).collect::<Vec<_>>().join("; ")
}

fn option(field: Field) -> Entry {
    Entry::new(field.as_str(), capitalised(field.label()))
}

fn row(number: usize, column: &ColumnLook, said: &Said, no_key: Option<&(String, String)>) -> ColumnRow {
    let none = Entry::new(NONE, "None of ours: keep as an additional column");
    let unsure = column.why == Why::Unsure && !column.candidates.is_empty();
    let taken = match column.field {
        Some(field) => field.as_str().to_string(),
        None if unsure => String::new(),
        None => NONE.into(),
    };
    ColumnRow {
        number,
        header: column.header.clone(),
        samples: column.samples.clone(),
        state: match no_key.filter(|(header, _)| column.field == Some(Field::ContactKey) && *header == column.header) {
            Some((_, why)) => Status::attention(format!("not used: its cells {why}")),
            None => state(column, unsure),
        },
        unsure,
        value: said.values.get(&number).cloned().unwrap_or(taken),
        likely: column.candidates.iter().map(|field| option(*field)).collect(),
        others: [none]
            .into_iter()
            .chain(Field::ALL.into_iter().filter(|field| !column.candidates.contains(field)).map(option))
            .collect(),
        error: said.wrong.iter().find(|(of, _)| *of == number).map(|(_, sentence)| sentence.clone()),
    }
}

fn state(column: &ColumnLook, unsure: bool) -> Status {
    match (column.why, column.field) {
        _ if unsure => Status::attention("more than one may be meant"),
        (Why::Chosen, _) => Status::good("you said so"),
        (Why::Remembered, _) => Status::good("as for an earlier list of this client"),
        (_, None) => Status::waiting("no name that is known"),
        (Why::Content, Some(_)) => Status::waiting(format!("what stands in it, {} %", column.confidence)),
        (Why::Named | Why::Unsure, Some(_)) => Status::good("its name"),
    }
}

pub async fn act(State(web): State<Web>, Path((slug, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let upload = match reading::find(&web, &live, &id).await {
        Ok(upload) => upload,
        Err(Failure::Page(loaded)) => return Err(Failure::Page(loaded)),
        // A second press: the first has taken it away.
        Err(_) if fields.get("act") == "discard" => return Ok(back(&urls::list(&live.slug), "discard_list")),
        Err(gone) => return Err(gone),
    };
    match fields.get("act") {
        "discard" => {
            match web.ctx.order(&by.actor(), DiscardUpload { round: live.id.clone(), upload: upload.id }).await {
                // Two presses at once: the other has taken it away.
                Err(problem) if problem.kind != ProblemKind::Gone => Err(problem.into()),
                _ => Ok(back(&urls::list(&live.slug), "discard_list")),
            }
        }
        "read" => read_otherwise(&web, &live, &by, &upload, &fields).await,
        "forget" => {
            let order = ForgetColumn { client: live.spec.client.clone(), header: fields.get("header").into() };
            match web.ctx.order(&by.actor(), order).await {
                // Forgotten meanwhile is forgotten.
                Err(problem) if problem.kind != ProblemKind::NotFound => Err(problem.into()),
                _ => Ok(back(&urls::upload(&live.slug, &upload.id), "forget_column")),
            }
        }
        "choose" => choose(&web, &live, &by, upload, &fields).await,
        _ => Err(Failure::unknown()),
    }
}

/// Another sheet or encoding: what was said about columns was said of another table.
async fn read_otherwise(web: &Web, live: &Live, by: &Operator, upload: &Upload, fields: &Fields) -> Answer {
    let said = |name: &str, before: Option<String>| match fields.get(name) {
        "" => before,
        text => Some(text.to_string()),
    };
    let before = upload_choice::choice(upload);
    let choice =
        Choice { sheet: said("sheet", before.sheet), encoding: said("encoding", before.encoding), ..Choice::default() };
    match reading::look(web, live, upload, choice.clone()).await {
        Ok(_) => {}
        Err(problem) if problem.kind == ProblemKind::Unusable => {
            return show(web, live, by, upload, &Fields::default(), Said::of(&problem)).await;
        }
        Err(problem) => return Err(problem.into()),
    }
    let order = ChooseColumns {
        slug: live.slug.clone(),
        upload: upload.id.clone(),
        choice,
        remember: BTreeMap::new(),
        no_key: None,
    };
    web.ctx.order(&by.actor(), order).await?;
    Ok(Redirect::to(&urls::upload(&live.slug, &upload.id)).into_response())
}

async fn choose(web: &Web, live: &Live, by: &Operator, upload: Upload, fields: &Fields) -> Answer {
    let before = upload_choice::choice(&upload);
    let unsaid = Choice { columns: BTreeMap::new(), ..before.clone() };
    let (_, look) = reading::look(web, live, &upload, unsaid).await?;
    // The numbers of the form's columns are those of the table that it showed.
    if fields.get("read_as") != ReadAs::of(&look).table() {
        return show(web, live, by, &upload, &Fields::default(), Said::stale()).await;
    }
    let said = said(&look, fields);
    if said.is_wrong() {
        return show(web, live, by, &upload, &Fields::default(), said).await;
    }
    let headers: Vec<&str> = look.columns.iter().map(|column| column.header.as_str()).collect();
    let lasting = column_choices::lasting(&headers);
    let (mut columns, mut meant) = (BTreeMap::new(), BTreeMap::new());
    for (at, column) in look.columns.iter().enumerate() {
        let value = said.values.get(&(at + 1)).filter(|value| *value != NONE).cloned().unwrap_or_default();
        let was_asked = column.why == Why::Unsure && !column.candidates.is_empty();
        let is_new = column.field.map_or("", Field::as_str) != value || was_asked;
        if is_new {
            columns.insert(column.header.clone(), value.clone());
        }
        meant.insert(column.header.clone(), value);
    }
    let choice = only_what_differs(web, live, &upload, Choice { columns, ..before }, &meant).await?;
    let mut remember = choice.columns.clone();
    remember.retain(|header, _| lasting.contains(&header.as_str()));
    let chosen = Upload { choice: upload_choice::as_text(&choice)?, ..upload };
    // Columns that leave no list are not kept.
    let list = match reading::read(web, live, &chosen).await {
        Ok(list) => list,
        Err(problem) if problem.kind == ProblemKind::Unusable => {
            return show(web, live, by, &chosen, &Fields::default(), Said::of(&problem)).await;
        }
        Err(problem) => return Err(problem.into()),
    };
    let no_key = key_that_is_none(&list, &meant);
    let order = ChooseColumns { slug: live.slug.clone(), upload: chosen.id.clone(), choice, remember, no_key };
    web.ctx.order(&by.actor(), order).await?;
    Ok(Redirect::to(&urls::findings(&live.slug, &chosen.id)).into_response())
}

/// The choice of what was `meant`, with no more said than it needs: a press on the button makes no word of what was clear. Where one column
/// is said, another may be read otherwise than it was; then that is said as well.
async fn only_what_differs(
    web: &Web,
    live: &Live,
    upload: &Upload,
    mut choice: Choice,
    meant: &BTreeMap<String, String>,
) -> Result<Choice, Failure> {
    for _ in 0..meant.len() {
        let (_, look) = reading::look(web, live, upload, choice.clone()).await?;
        let is = |column: &ColumnLook| column.field.map_or("", Field::as_str);
        let other = |column: &&ColumnLook| meant.get(&column.header).is_some_and(|meant| meant != is(column));
        let others: Vec<&ColumnLook> = look.columns.iter().filter(other).collect();
        if others.is_empty() {
            break;
        }
        for column in others {
            choice.columns.insert(column.header.clone(), meant.get(&column.header).cloned().unwrap_or_default());
        }
    }
    Ok(choice)
}

/// The column of keys that all rows together show to be none, and why.
fn key_that_is_none(list: &CheckedList, meant: &BTreeMap<String, String>) -> Option<(String, String)> {
    let told = list.findings.iter().find(|finding| finding.code == "keys_are_none")?;
    let why = NoKey::ALL.into_iter().map(NoKey::why).find(|why| told.message.contains(why))?;
    let (header, _) = meant.iter().find(|(_, field)| *field == Field::ContactKey.as_str())?;
    Some((header.clone(), why.into()))
}

/// What was chosen for each column, and where that cannot be.
fn said(look: &FileLook, fields: &Fields) -> Said {
    let mut said = Said::default();
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for (at, column) in look.columns.iter().enumerate() {
        let number = at + 1;
        let value = fields.get(&format!("column-{number}"));
        let ours = Field::ALL.into_iter().find(|field| field.as_str() == value);
        match ours {
            None if value != NONE => said.wrong.push((number, format!("Say what “{}” is.", column.header))),
            Some(field) => {
                if let Some(other) = taken.insert(field.as_str(), &column.header) {
                    let wrong = format!(
                        "“{other}” and “{}” cannot both be the {}. Choose one of them, and keep the other as an additional column.",
                        column.header,
                        field.label()
                    );
                    said.wrong.push((number, wrong));
                }
            }
            None => {}
        }
        said.values.insert(number, value.to_string());
    }
    said
}
