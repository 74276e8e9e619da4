//! No file imports, over however many others, itself: one that does can be understood only together with all of its circle.
//!
//! A name is followed through re-exports to the file that defines it, and a re-export counts as an import. `mod` lines do not count: a folder's
//! `mod.rs` or `lib.rs` names its files and may re-export them for other rooms, as long as it defines nothing that they need.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::reading::{Import, imports, inner_modules, paths, shipped};

/// Files by their place under `src`, with their text.
pub type Sources = BTreeMap<String, String>;

/// What a module says; a file is one, with others that may stand inside it.
struct Module {
    file: String,
    imports: Vec<Import>,
    paths: Vec<Vec<String>>,
}

/// All modules, as `crate::` names them.
struct House(BTreeMap<Vec<String>, Module>);

/// How the packages of rooms begin in code.
const PACKAGES: &str = "soundings_";

fn module_of(place: &str) -> Vec<String> {
    let inside = place.trim_end_matches(".rs");
    let inside = inside.strip_suffix("/mod").or(inside.strip_suffix("/lib")).unwrap_or(inside);
    if inside == "lib" { Vec::new() } else { inside.split('/').map(str::to_owned).collect() }
}

fn is_test(place: &str) -> bool {
    place.ends_with("tests.rs") || place.contains("/tests/")
}

impl House {
    fn read(sources: &Sources) -> House {
        let mut house = House(BTreeMap::new());
        for (place, text) in sources.iter().filter(|(place, _)| !is_test(place)) {
            house.add(place, module_of(place), &shipped(text));
        }
        house
    }

    fn add(&mut self, file: &str, module: Vec<String>, code: &str) {
        let (around, inner) = inner_modules(code);
        for (name, code) in inner {
            self.add(file, [&module[..], &[name]].concat(), &code);
        }
        self.0.insert(module, Module { file: file.to_owned(), imports: imports(&around), paths: paths(&around) });
    }

    /// The path as `crate::` would say it; `None` for what is not ours.
    fn absolute(&self, from: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut base = match path.first()?.as_str() {
            "crate" => Vec::new(),
            // A room by the name of its package.
            package if package.starts_with(PACKAGES) => Vec::new(),
            "self" | "super" => from.to_vec(),
            child => {
                let mut module = from.to_vec();
                module.push(child.to_owned());
                self.0.contains_key(&module).then_some(())?;
                from.to_vec()
            }
        };
        for segment in path {
            match segment.as_str() {
                "crate" | "self" => {}
                "super" => drop(base.pop()),
                name => base.push(name.strip_prefix(PACKAGES).unwrap_or(name).to_owned()),
            }
        }
        // `use crate as rules` gives the room its own name.
        Some(base).filter(|base| !base.is_empty())
    }

    /// The file that defines what `path` names.
    fn defines(&self, path: &[String], depth: usize) -> Option<&str> {
        let known = (0..=path.len()).rev().find(|n| self.0.contains_key(&path[..*n]))?;
        let module = &self.0[&path[..known]];
        let import = path.get(known).and_then(|name| module.imports.iter().find(|import| import.name == *name));
        if let Some(import) = import.filter(|_| depth < 8) {
            let mut further = self.absolute(&path[..known], &import.path)?;
            further.extend_from_slice(&path[known + 1..]);
            return self.defines(&further, depth + 1);
        }
        Some(&module.file)
    }

    /// The files that a module names, beside its own.
    fn named_by<'h>(&'h self, name: &[String], module: &'h Module) -> BTreeSet<&'h str> {
        let named = module.imports.iter().map(|import| &import.path).chain(&module.paths);
        let files = named.filter_map(|path| self.absolute(name, path)).filter_map(|path| self.defines(&path, 0));
        files.filter(|file| *file != module.file).collect()
    }
}

/// Every path that the file at `place` names, as `crate::` would say it, whatever stands behind it; from its tests, too.
pub fn named_in(place: &str, code: &str) -> BTreeSet<Vec<String>> {
    let mut house = House(BTreeMap::new());
    house.add(place, module_of(place), code);
    let named = house.0.iter().flat_map(|(name, module)| {
        let written = module.imports.iter().map(|import| &import.path).chain(&module.paths);
        written.filter_map(|path| house.absolute(name, path)).collect::<Vec<_>>()
    });
    named.collect()
}

/// One shortest circle for every file that is part of any, named from its first file; circles with the same files are told once.
pub fn circles(sources: &Sources) -> BTreeSet<String> {
    let house = House::read(sources);
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, module) in &house.0 {
        arrows.entry(&module.file).or_default().extend(house.named_by(name, module));
    }
    let mut told: BTreeMap<BTreeSet<&str>, String> = BTreeMap::new();
    for start in arrows.keys() {
        if let Some(circle) = circle_through(start, &arrows) {
            told.entry(circle.iter().copied().collect()).or_insert_with(|| circle.join(" -> "));
        }
    }
    told.into_values().collect()
}

fn circle_through<'h>(start: &'h str, arrows: &BTreeMap<&'h str, BTreeSet<&'h str>>) -> Option<Vec<&'h str>> {
    let mut came_from: BTreeMap<&str, &'h str> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(place) = waiting.pop_front() {
        for next in arrows.get(place).into_iter().flatten().copied() {
            if next == start {
                let mut circle = vec![start, place];
                while let Some(before) = came_from.get(circle.last()?) {
                    circle.push(before);
                }
                circle.reverse();
                return Some(circle);
            }
            if !came_from.contains_key(next) {
                came_from.insert(next, place);
                waiting.push_back(next);
            }
        }
    }
    None
}
