//! No file imports, over however many others, itself: one that does can be understood only together with all of its circle.
//!
//! A name is followed through re-exports to the file that defines it, and a re-export counts as an import. `mod` lines do not count: a folder's
//! `mod.rs` names its files and may re-export them for other rooms, as long as it defines nothing that they need.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::reading::{Import, code, imports, paths};

/// Files by their place under `src`, with their text.
pub type Sources = BTreeMap<String, String>;

struct File {
    /// As `crate::` names it.
    module: Vec<String>,
    imports: Vec<Import>,
    paths: Vec<Vec<String>>,
}

struct House {
    files: BTreeMap<String, File>,
    modules: BTreeMap<Vec<String>, String>,
}

fn module_of(place: &str) -> Vec<String> {
    let inside = place.trim_end_matches(".rs");
    let inside = inside.strip_suffix("/mod").unwrap_or(inside);
    if inside == "lib" { Vec::new() } else { inside.split('/').map(str::to_owned).collect() }
}

fn is_test(place: &str) -> bool {
    place.ends_with("tests.rs") || place.contains("/tests/")
}

impl House {
    fn read(sources: &Sources) -> House {
        let mut house = House { files: BTreeMap::new(), modules: BTreeMap::new() };
        for (place, text) in sources.iter().filter(|(place, _)| !is_test(place)) {
            let code = code(text);
            let file = File { module: module_of(place), imports: imports(&code), paths: paths(&code) };
            house.modules.insert(file.module.clone(), place.clone());
            house.files.insert(place.clone(), file);
        }
        house
    }

    /// The path as `crate::` would say it; `None` for what is not ours.
    fn absolute(&self, from: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut base = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => from.to_vec(),
            child => {
                let mut module = from.to_vec();
                module.push(child.to_owned());
                self.modules.contains_key(&module).then_some(())?;
                from.to_vec()
            }
        };
        for segment in path {
            match segment.as_str() {
                "crate" | "self" => {}
                "super" => drop(base.pop()),
                name => base.push(name.to_owned()),
            }
        }
        Some(base)
    }

    /// The file that defines what `path` names.
    fn defines(&self, path: &[String], depth: usize) -> Option<&String> {
        let known = (0..=path.len()).rev().find(|n| self.modules.contains_key(&path[..*n]))?;
        let place = &self.modules[&path[..known]];
        let file = &self.files[place];
        if let Some(name) = path.get(known).filter(|_| depth < 8) {
            for import in file.imports.iter().filter(|import| import.name == *name) {
                let mut further = self.absolute(&file.module, &import.path)?;
                further.extend_from_slice(&path[known + 1..]);
                return self.defines(&further, depth + 1);
            }
        }
        Some(place)
    }

    fn neighbours(&self, place: &str) -> BTreeSet<&String> {
        let file = &self.files[place];
        let named = file.imports.iter().map(|import| &import.path).chain(&file.paths);
        let mut found: BTreeSet<_> = named
            .filter_map(|path| self.absolute(&file.module, path))
            .filter_map(|path| self.defines(&path, 0))
            .collect();
        found.retain(|other| *other != place);
        found
    }
}

/// One shortest circle for every file that is part of any, named from its first file; circles with the same files are told once.
pub fn circles(sources: &Sources) -> BTreeSet<String> {
    let house = House::read(sources);
    let arrows: BTreeMap<&String, BTreeSet<&String>> =
        house.files.keys().map(|place| (place, house.neighbours(place))).collect();
    let mut told: BTreeMap<BTreeSet<&String>, String> = BTreeMap::new();
    for start in arrows.keys() {
        if let Some(circle) = circle_through(start, &arrows) {
            let names: Vec<&str> = circle.iter().map(|place| place.as_str()).collect();
            told.entry(circle.iter().copied().collect()).or_insert_with(|| names.join(" -> "));
        }
    }
    told.into_values().collect()
}

fn circle_through<'a>(
    start: &'a String,
    arrows: &BTreeMap<&'a String, BTreeSet<&'a String>>,
) -> Option<Vec<&'a String>> {
    let mut came_from: BTreeMap<&String, &'a String> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(place) = waiting.pop_front() {
        for next in arrows.get(place).into_iter().flatten() {
            if *next == start {
                let mut circle = vec![start, place];
                while let Some(before) = came_from.get(circle.last()?) {
                    circle.push(before);
                }
                circle.reverse();
                return Some(circle);
            }
            if *next != start && !came_from.contains_key(next) {
                came_from.insert(next, place);
                waiting.push_back(next);
            }
        }
    }
    None
}
