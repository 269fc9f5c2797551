//! What is to be done, in order, each with its state. Done is plain text; colour only where somebody must act.

use maud::{Markup, html};

use super::tag::{Tone, tag};

/// State of one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Done: said in plain text.
    Done(String),
    /// To do now: tagged.
    Open(String),
    /// Not yet possible.
    Later(String),
}

/// One task: verb first.
#[derive(Debug, Clone)]
pub struct Task {
    /// What to do.
    pub name: String,
    /// Where; none while it is not possible.
    pub href: Option<String>,
    /// Help under it.
    pub hint: Option<String>,
    /// How it stands.
    pub state: State,
}

/// Draws the list.
pub fn task_list(tasks: &[Task]) -> Markup {
    html! {
        ul class="govuk-task-list" {
            @for (index, task) in tasks.iter().enumerate() {
                @let status = format!("task-{}-status", index + 1);
                li class={ "govuk-task-list__item" (if task.href.is_some() { " govuk-task-list__item--with-link" } else { "" }) } {
                    div class="govuk-task-list__name-and-hint" {
                        @if let Some(href) = &task.href {
                            a class="govuk-link govuk-task-list__link" href=(href) aria-describedby=(status) { (task.name) }
                        } @else {
                            div { (task.name) }
                        }
                        @if let Some(hint) = &task.hint {
                            div class="govuk-task-list__hint" { (hint) }
                        }
                    }
                    div class="govuk-task-list__status" id=(status) {
                        @match &task.state {
                            State::Done(text) => (text),
                            State::Open(text) => (tag(text, Tone::Act)),
                            State::Later(text) => span class="govuk-task-list__status--cannot-start-yet" { (text) },
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        snapshot::check(
            "task-list",
            &task_list(&[
                Task {
                    name: "填写您的情况".into(),
                    href: Some("/apply/q/facts".into()),
                    hint: None,
                    state: State::Done("已完成".into()),
                },
                Task {
                    name: "准备材料".into(),
                    href: Some("/apply/materials".into()),
                    hint: Some("可以以后再交".into()),
                    state: State::Open("未开始".into()),
                },
                Task {
                    name: "提交申请".into(),
                    href: None,
                    hint: None,
                    state: State::Later("暂不能开始".into()),
                },
            ]),
        );
    }
}
