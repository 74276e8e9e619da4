# The usual commands. `just` lists them; CONTRIBUTING.md says when to use which.

_list:
    @just --list --unsorted

# A round with simulated people, in the browser
demo:
    cargo run -- demo

# Every page and mail of a played round, as files
preview:
    cargo run -- preview target/preview

# Does it compile?
check:
    cargo check

# Format everything
fmt:
    cargo fmt --all

# Lints, as CI has them
lint:
    cargo clippy --locked --all-targets -- -D warnings

# Unit tests of a room whose names contain FILTER
unit ROOM FILTER="":
    cargo test --package soundings-{{ ROOM }} {{ FILTER }}

# Stories on both databases whose names contain FILTER
story FILTER="":
    cargo test --test stories {{ FILTER }}

# What holds the walls: rooms and file lengths, documents, both schemas, every SQL text
house:
    cargo test --test architecture --test documents --test catalogue --test statements

# Whole rounds with faults, played from SEED
simulation SEED:
    SOUNDINGS_SEED={{ SEED }} cargo test --test simulation

# Licences, banned and doubled crates
dependencies:
    tests/dependencies/run

# The documentation of the code, in the browser
doc:
    cargo doc --no-deps --document-private-items --open

# Everything that CI runs; what the machine lacks is skipped and said
test:
    bash tests/run
