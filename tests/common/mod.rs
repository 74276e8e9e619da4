//! What the stories are told with: a whole installation in a temporary folder, on either database.

pub mod copies;
pub mod people;
pub mod pieces;
pub mod postgres;
pub mod receiver;
pub mod reports;
pub mod round;
pub mod world;

pub use people::*;
pub use round::*;
pub use world::*;

/// Makes `name::sqlite` and `name::postgres` of the story `async fn name(world: World)`.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 3)]
            async fn sqlite() {
                $crate::common::play($crate::common::Place::Sqlite, super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 3)]
            async fn postgres() {
                $crate::common::play($crate::common::Place::Postgres, super::$name).await;
            }
        })+
    };
}

pub async fn play<F: Future<Output = ()>>(place: Place, story: impl FnOnce(World) -> F) {
    if let Some(world) = World::new(place).await {
        story(world).await;
    }
}
