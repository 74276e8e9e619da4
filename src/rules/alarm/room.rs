//! How little room on a disk is too little, and by which of its places a disk is named.

/// What is free where something of ours is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// A folder.
    pub place: String,
    /// Places of one device have their room together.
    pub device: u64,
    /// In bytes.
    pub free: u64,
}

impl Room {
    /// Whether a disk of which it was said that it has too little has enough: not by a hair.
    pub fn has_enough_again(&self, least: u64) -> bool {
        self.free >= least.saturating_add(least / 4)
    }
}

/// The disks that have less than `least`, each once: by the place under which it was told (`is_told`), else by the first.
pub fn short_of_room(rooms: &[Room], least: u64, is_told: impl Fn(&str) -> bool) -> Vec<&Room> {
    let mut disks: Vec<&Room> = Vec::new();
    for room in rooms {
        match disks.iter().position(|disk| disk.device == room.device) {
            None => disks.push(room),
            Some(at) if is_told(&room.place) && !is_told(&disks[at].place) => disks[at] = room,
            Some(_) => {}
        }
    }
    let is_short = |disk: &&Room| if is_told(&disk.place) { !disk.has_enough_again(least) } else { disk.free < least };
    disks.into_iter().filter(is_short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: u64 = 400;

    /// The places that are named, of disks given as place, device and room.
    fn short(disks: &[(&str, u64, u64)], told: &[&str]) -> Vec<String> {
        let room = |&(place, device, free): &(&str, u64, u64)| Room { place: place.into(), device, free };
        let rooms: Vec<Room> = disks.iter().map(room).collect();
        short_of_room(&rooms, LEAST, |place| told.contains(&place)).into_iter().map(|r| r.place.clone()).collect()
    }

    #[test]
    fn a_disk_is_short_below_the_least_and_again_enough_with_a_quarter_more() {
        for (free, is_told, is_short) in [
            (0, false, true),
            (399, false, true),
            (400, false, false),
            (400, true, true),
            (499, true, true),
            (500, true, false),
        ] {
            let told: &[&str] = if is_told { &["/data"] } else { &[] };
            assert_eq!(!short(&[("/data", 1, free)], told).is_empty(), is_short, "{free} {is_told}");
        }
        assert!(short_of_room(&[], LEAST, |_| true).is_empty());
    }

    #[test]
    fn places_of_one_device_are_one_disk_and_keep_the_name_under_which_it_was_told() {
        let disks = [("/a", 1, 10), ("/b", 1, 10), ("/c", 2, 10), ("/d", 3, 9_999)];
        assert_eq!(short(&disks, &[]), ["/a", "/c"]);
        assert_eq!(short(&disks, &["/b"]), ["/b", "/c"]);
        // What another program has told of its own disk does not make this one short.
        assert_eq!(short(&[("/d", 3, 450)], &["/a"]), Vec::<String>::new());
    }
}
