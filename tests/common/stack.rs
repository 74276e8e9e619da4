//! A whole round that is played in a test needs more of the stack, unoptimised, than a thread of a test has: it gets what the program gives
//! to its commands.

/// Bytes; as the program itself has it (`STACK` in `app`).
const STACK: usize = 4 << 20;

/// Does the work on threads of its own. The thread that asks waits.
pub fn on_a_large_stack<T, F>(work: impl FnOnce() -> F + Send + 'static) -> T
where
    T: Send + 'static,
    F: Future<Output = T>,
{
    let on_threads = || tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build();
    let done = std::thread::Builder::new().stack_size(STACK).spawn(move || on_threads().unwrap().block_on(work()));
    done.unwrap().join().unwrap()
}
