//! Files that come with a form: taken in at once, given to the matter by the act that names them.

use access::AccountId;
use files::{FileError, Stored};
use kernel::refusal::Refusal;

use super::fault::Fault;
use crate::app::App;
use crate::ui::Visit;
use crate::ui::form::{Upload, Values};
use crate::ui::question::Shown;

/// Takes a file in for an account; for nobody when a draft or a guest hands it in, who alone knows its id.
pub async fn take(
    app: &App,
    visit: &Visit,
    owner: Option<&str>,
    upload: &Upload,
) -> Result<Stored, FileError> {
    let mut taking = app.files().begin();
    taking.push(&upload.bytes)?;
    app.files().put(owner, None, &upload.name, taking, visit.now).await.map(|(stored, _)| stored)
}

/// What became of the file of one field.
pub struct OfField {
    /// Name of the field.
    pub field: String,
    /// The file; nothing when one that was kept is not there any more; or why it was not taken.
    pub taken: Result<Option<Stored>, Refusal>,
}

/// The files of these fields: what was picked now, or what was kept by its id from the form before.
pub async fn of_fields(
    app: &App,
    visit: &Visit,
    fields: impl Iterator<Item = &Shown>,
    values: &Values,
    files: Vec<Upload>,
) -> Result<Vec<OfField>, Fault> {
    let owner = visit.principal.account.as_ref().map(AccountId::as_str);
    let mut found = Vec::new();
    for question in fields {
        let field = question.name.clone();
        let picked = files.iter().find(|file| file.field == field);
        let kept = values.get(&field);
        let taken = match picked {
            Some(file) => match take(app, visit, owner, file).await {
                Ok(stored) => Ok(Some(stored)),
                Err(FileError::Refused(refusal)) => Err(*refusal),
                Err(error) => return Err(error.into()),
            },
            None if kept.is_empty() => continue,
            None => Ok(app.files().claimable(&[kept.to_owned()], owner, visit.now).await?.pop()),
        };
        found.push(OfField { field, taken });
    }
    Ok(found)
}
