//! The certificate of deletion (删除证明): what was deleted, when, by which rule, and the event that proves it.

use access::Principal;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use serde_json::{Value, json};

use crate::register::{Register, not_found};

impl Register {
    /// The certificate of an erased matter, for whoever may see the matter: `{number, item, item_name, at,
    /// right, event: {seq, hash}, text}`, the text in Chinese as it is printed. Nothing in it is personal.
    pub async fn deletion_certificate(
        &self,
        who: &Principal,
        number: MatterNumber,
        lang: Lang,
    ) -> Result<Value, Refusal> {
        let seen = self.load(who, number, None, self.now()).await?;
        let matter = &seen.matter;
        let Some(erased) = &matter.state.erased else { return Err(not_found()) };
        let event = self.event_rows(number, erased.seq - 1, 1).await?.into_iter().next();
        let hash = event.map(|event| hex::encode(event.hash)).unwrap_or_default();
        let right = &erased.right;
        let day = erased.at.date().to_string();
        let closed = matter.closed_at.map(|at| at.date().to_string()).unwrap_or_default();
        let ground = self.words().get(Lang::Zh, &format!("rights-basis-{}", right.basis), &[]);
        let grouped = number.grouped();
        let text = self.words().get(
            Lang::Zh,
            "rights-certificate",
            &[
                ("number", &grouped),
                ("item", &matter.item.name.zh),
                ("office", &matter.office_name),
                ("closed", &closed),
                ("date", &day),
                ("ground", &ground),
                ("until", right.until.as_deref().unwrap_or_default()),
                ("rule", &right.rule),
                ("seq", &erased.seq.to_string()),
                ("hash", &hash),
            ],
        );
        Ok(json!({
            "number": number,
            "item": matter.item.id,
            "item_name": matter.item.name.get(lang),
            "at": erased.at,
            "right": right,
            "event": { "seq": erased.seq, "hash": hash },
            "text": text,
        }))
    }
}
