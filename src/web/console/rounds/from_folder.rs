//! A round made of a folder that comes as a ZIP, by the rules of `round load`. Its list is not loaded with it: it waits to be looked at.

use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartRejection};

use crate::base::problem::{Kind, Problem};
use crate::intake::folder::faults::Fault;
use crate::intake::folder::zipped;
use crate::rules::contacts::row::cells::quoted;
use crate::steps::contacts::upload::incoming::Incoming;
use crate::steps::round::making::{self, ListFile, Made, MakeRound};
use crate::steps::round::notices;
use crate::steps::round::reload::Content;
use crate::store::contacts::uploads;
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::files::{self, Progress};
use crate::web::kit::frames::back;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;

use super::new;

const CHOOSE: &str = "Choose the ZIP of the folder.";

/// As many faults are told at once.
const TOLD: usize = 40;

pub async fn receive(State(web): State<Web>, by: Operator, form: Result<Multipart, MultipartRejection>) -> Answer {
    let mut form = files::form(form)?;
    let mut progress = Progress::begin(web.patience);
    let Some(mut file) = progress.file(&mut form, &by).await? else { return Err(files::no_file(CHOOSE)) };
    let name = match quoted(file.file_name().unwrap_or("").rsplit(['/', '\\']).next().unwrap_or("")) {
        name if name.trim().is_empty() => "The file".to_string(),
        name => name,
    };
    let bytes = match whole(&mut progress, &mut file, &name).await {
        Err(Failure::Problem(_, problem)) if problem.kind == Kind::Unusable => {
            return new::of_folder(&web, &by, vec![problem.for_page()]).await;
        }
        bytes => bytes?,
    };
    let (content, list) = match read(&web, bytes, &name).await? {
        Ok(read) => read,
        Err(faults) => return new::of_folder(&web, &by, faults).await,
    };
    let slug = content.spec.round.clone();
    let made = match web.ctx.order(&by.actor(), MakeRound { content, from: format!("the folder {name}") }).await {
        Ok(made) => made,
        Err(problem) if matches!(problem.kind, Kind::Refused | Kind::Unusable) => {
            return new::of_folder(&web, &by, vec![problem.for_page()]).await;
        }
        Err(problem) => return Err(problem.into()),
    };
    let Some((file_name, bytes)) = list else {
        let word = if made == Made::New { "make" } else { "made" };
        return Ok(back(&urls::settings(&slug), word));
    };
    if made == Made::Before && !is_without_list(&web, &slug).await? {
        return Ok(back(&urls::list(&slug), "made"));
    }
    // The round is there, whatever becomes of its list.
    let word = match keep(&web, &by, &slug, (file_name, &bytes)).await {
        Ok(()) => "make_folder",
        Err(problem) => {
            tracing::warn!(round = slug, cause = ?problem.cause, "the list of a folder was not kept: {problem}");
            "make_no_list"
        }
    };
    Ok(back(&urls::list(&slug), word))
}

async fn keep(web: &Web, by: &Operator, slug: &str, (file_name, bytes): (&str, &[u8])) -> Result<(), Problem> {
    let mut incoming = Incoming::begin(&web.ctx, &by.actor(), slug, file_name).await?;
    incoming.take(bytes).await?;
    incoming.finish().await?;
    Ok(())
}

/// Nobody is on its list, and none waits to be loaded.
async fn is_without_list(web: &Web, slug: &str) -> Result<bool, Failure> {
    let mut tx = web.ctx.db.read().await?;
    let live = web.ctx.live_by_slug(&mut tx, slug).await?;
    let waits = uploads::of_round(&mut tx, &live.id).await?;
    Ok(waits.is_empty() && notices::readers(&mut tx, &live).await?.is_empty())
}

async fn whole(progress: &mut Progress, file: &mut Field<'_>, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(next) = progress.next(file).await? {
        bytes.extend_from_slice(&next);
        if bytes.len() > zipped::LARGEST {
            return Err(zipped::too_large(name).into());
        }
    }
    if bytes.is_empty() {
        return Err(Problem::unusable("No file was chosen, or it is empty.", CHOOSE).into());
    }
    Ok(bytes)
}

type Read = Result<(Content, Option<ListFile>), Vec<String>>;

/// Unpacks and checks it when its turn has come, beside the server's own work.
async fn read(web: &Web, bytes: Vec<u8>, name: &str) -> Result<Read, Failure> {
    let stopped = |e: String| Problem::internal("The folder could not be read.").because(e);
    let turn = web.reading.clone().acquire_owned().await.map_err(|e| stopped(e.to_string()))?;
    let (ctx, name) = (web.ctx.clone(), name.to_string());
    let reading = tokio::task::spawn_blocking(move || {
        let read = match zipped::files(&bytes, &name) {
            Ok(files) => making::of_files(&ctx, &files).map_err(|faults| told(&faults)),
            Err(problem) => Err(vec![problem.for_page()]),
        };
        drop(turn);
        read
    });
    Ok(reading.await.map_err(|e| stopped(e.to_string()))?)
}

fn told(faults: &[Fault]) -> Vec<String> {
    let more = faults.len().saturating_sub(TOLD);
    let more = (more > 0).then(|| format!("And {more} more. Correct these first."));
    faults.iter().take(TOLD).map(ToString::to_string).chain(more).collect()
}
