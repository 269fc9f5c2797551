//! The divisions as rows sorted by code and day.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::area::{AreaCode, Level};

use super::search::{Sounds, sounding};
use crate::area::service_area::ServiceArea;
use crate::area::succession::{Link, Span};

/// A division under one name, as the atlas keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Code.
    pub code: AreaCode,
    /// Official name at its own level.
    pub name: Box<str>,
    /// First day it is known to stand.
    pub valid_from: Date,
    /// First day it no longer stood.
    pub valid_to: Option<Date>,
}

impl Place {
    /// Whether it stands on a day.
    pub fn stands(&self, on: Date) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|end| end > on)
    }
}

/// All divisions, as one version of the tables.
#[derive(Debug, Default)]
pub struct Atlas {
    pub(super) version: i64,
    pub(super) places: Vec<Place>,
    pub(super) sounds: Sounds,
    children: HashMap<AreaCode, Vec<usize>>,
    top: Vec<usize>,
    pub(super) onward: HashMap<AreaCode, Vec<Link>>,
    pub(super) backward: HashMap<AreaCode, Vec<Link>>,
    services: Vec<ServiceArea>,
    pub(super) service_sounds: Vec<Box<str>>,
}

impl Atlas {
    /// Sorts and indexes rows and links.
    pub fn new(
        version: i64,
        spans: impl IntoIterator<Item = Span>,
        links: impl IntoIterator<Item = Link>,
        services: Vec<ServiceArea>,
    ) -> Self {
        let mut places: Vec<Place> = spans
            .into_iter()
            .map(|span| Place {
                code: span.code,
                name: span.name.into_boxed_str(),
                valid_from: span.valid_from,
                valid_to: span.valid_to,
            })
            .collect();
        places.sort_by_key(|place| (place.code, place.valid_from));
        let service_sounds = services.iter().map(|service| sounding(&service.name)).collect();
        let sounds = Sounds::of(&places);
        let mut atlas = Self { version, sounds, services, service_sounds, ..Self::default() };
        for (index, place) in places.iter().enumerate() {
            match place.code.parent() {
                Some(parent) => atlas.children.entry(parent).or_default().push(index),
                None => atlas.top.push(index),
            }
        }
        for link in links {
            atlas.onward.entry(link.from).or_default().push(link);
            atlas.backward.entry(link.to).or_default().push(link);
        }
        atlas.places = places;
        atlas
    }

    /// Version of the tables this was read from.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Every row, by code and first day.
    pub fn all(&self) -> &[Place] {
        &self.places
    }

    /// How many rows it holds.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether nothing was taken in yet.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Every row of a code, the earliest first.
    pub fn rows(&self, code: AreaCode) -> &[Place] {
        let first = self.places.partition_point(|place| place.code < code);
        let end = self.places.partition_point(|place| place.code <= code);
        &self.places[first..end]
    }

    /// The division of this code on this day; a code that stands no longer is found as it last stood.
    pub fn find(&self, code: AreaCode, on: Date) -> Option<&Place> {
        self.rows(code).iter().rev().find(|place| place.valid_from <= on)
    }

    /// Divisions directly below one (the provinces, without one) that stand on a day, by code.
    pub fn below(&self, parent: Option<AreaCode>, on: Date) -> impl Iterator<Item = &Place> {
        let found = match parent {
            Some(parent) => self.children.get(&parent).map(Vec::as_slice).unwrap_or_default(),
            None => &self.top,
        };
        found.iter().map(|index| &self.places[*index]).filter(move |place| place.stands(on))
    }

    /// Names from the province down to the division itself, without those that name no place (市辖区 between a
    /// municipality and its districts); empty when none is known.
    pub fn full_name(&self, code: AreaCode, on: Date) -> String {
        let mut names: Vec<&str> = Vec::with_capacity(5);
        for above in code.upwards() {
            if let Some(place) = self.find(above, on)
                && (above == code || !names_nothing(place))
            {
                names.push(&place.name);
            }
        }
        names.reverse();
        names.concat()
    }

    /// The same with the areas it belongs to that are no division: `…东城街道（聊城经济技术开发区）`.
    pub fn label(&self, code: AreaCode, on: Date) -> String {
        let mut label = self.full_name(code, on);
        for (index, service) in self.services_of(code).enumerate() {
            label.push(if index == 0 { '（' } else { '、' });
            label.push_str(&service.name);
        }
        if self.services_of(code).next().is_some() {
            label.push('）');
        }
        label
    }

    /// Service areas that are no division, by name.
    pub fn services(&self) -> &[ServiceArea] {
        &self.services
    }

    /// Service areas a place belongs to.
    pub fn services_of(&self, code: AreaCode) -> impl Iterator<Item = &ServiceArea> {
        self.services.iter().filter(move |service| service.members.iter().any(|own| own.contains(code)))
    }
}

/// 市辖区, 县, 省直辖县级行政区划: prefectures of the code that are none on the map.
fn names_nothing(place: &Place) -> bool {
    place.code.level() == Level::Prefecture
        && (matches!(&*place.name, "市辖区" | "县") || place.name.contains("直辖"))
}
