//! Invented people who come with a matter, and what they hand in.

use fastrand::Rng;
use kernel::identity::resident_check_digit;
use serde_json::{Value, json};

const FAMILY: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
const GIVEN: &str =
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰秀珍志国建文海燕春梅凤云庆生福来喜乐雨晨欣怡子涵";

/// A name of two or three characters.
pub fn name(chance: &mut Rng) -> String {
    let one = |chance: &mut Rng, from: &str| from.chars().nth(chance.usize(..from.chars().count()));
    let mut name: String = one(chance, FAMILY).into_iter().collect();
    for _ in 0..chance.usize(1..=2) {
        name.extend(one(chance, GIVEN));
    }
    name
}

/// A number nobody has: the block 1990000 is kept for the demo.
pub fn phone(chance: &mut Rng) -> String {
    format!("1990000{:04}", chance.u16(1000..10_000))
}

/// A well-formed number of an identity card, of a grown-up.
pub fn paper(chance: &mut Rng) -> String {
    let county = ["371502", "371503", "371521", "371522", "371581"][chance.usize(..5)];
    let (year, month, day) = (chance.u16(1940..2004), chance.u8(1..=12), chance.u8(1..=28));
    let first = format!("{county}{year}{month:02}{day:02}{:03}", chance.u16(100..1000));
    let check = resident_check_digit(&first);
    format!("{first}{}", check.unwrap_or('X'))
}

/// Gives an example's applicant another name, paper and number, unless who it is belongs to the example: a child
/// with its guardian, somebody without such a paper.
pub fn another(applicant: &mut Value, chance: &mut Rng) {
    if applicant["kind"] != "person" || applicant.get("guardian").is_some_and(|guardian| !guardian.is_null())
    {
        return;
    }
    applicant["name"] = json!(name(chance));
    if applicant["id_type"] == "id18" {
        applicant["id_no"] = json!(paper(chance));
    }
    if applicant.get("phone").is_some_and(Value::is_string) {
        applicant["phone"] = json!(phone(chance));
    }
}

/// Makes an example one that is sent today, without uploads: those belong to one matter only, so that papers are
/// declared or to follow.
pub fn sent_now(body: &mut Value) {
    if let Some(materials) = body.get_mut("materials").and_then(Value::as_array_mut) {
        materials.retain(|material| material.get("file").is_none());
    }
    if let Some(object) = body.as_object_mut() {
        object.remove("received_at");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_well_formed_and_numbers_are_of_the_block() {
        let mut chance = Rng::with_seed(1);
        let today = jiff::civil::date(2026, 11, 30);
        for _ in 0..200 {
            assert!(kernel::identity::Id18::parse(&paper(&mut chance), today).is_ok());
            assert!(kernel::identity::Phone::parse(&phone(&mut chance)).is_ok());
            assert!((2..=3).contains(&name(&mut chance).chars().count()));
        }
    }
}
