//! `demo` and `rehearse`.
use crate::app::cli::Play;
use crate::base::problem::Result;
use std::path::Path;
use std::process::ExitCode;
pub async fn demo(_c: Option<&Path>, _p: Play) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
pub async fn rehearse(_c: Option<&Path>, _d: &Path, _p: Play, _t: Option<&str>) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
