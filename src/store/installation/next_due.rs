//! When the next thing is due, of every kind that becomes due: one small read, so that a driver can sleep until then.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

row! {
    /// The earliest of each kind, whether it is past or to come. Rounds that do not run have nothing due but their close.
    pub struct Earliest {
        pub message: Option<Ts>,
        pub look_at: Option<Ts>,
        pub request: Option<Ts>,
        pub repair: Option<Ts>,
        pub digest: Option<Ts>,
        pub doubted: Option<Ts>,
        pub lease: Option<Ts>,
        pub handoff: Option<Ts>,
        pub close: Option<Ts>,
    }
}

pub async fn earliest(tx: &mut Tx) -> Result<Earliest> {
    one!(
        tx,
        "SELECT
            (SELECT min(m.due_at) FROM message m WHERE m.state = 'planned'
                AND (m.lane = 'system' OR EXISTS (SELECT 1 FROM round r WHERE r.id = m.lane AND r.state = 'running'))) AS message,
            (SELECT min(c.look_at) FROM contact c JOIN round r ON r.id = c.round_id AND r.state = 'running') AS look_at,
            (SELECT min(t.at) FROM (SELECT min(q.next_ask_at) AS at FROM request q JOIN round r ON r.id = q.round_id AND r.state = 'running'
                UNION ALL SELECT min(q.look_at) AS at FROM request q JOIN round r ON r.id = q.round_id AND r.state = 'running') AS t) AS request,
            (SELECT min(q.next_ask_at) FROM repair_request q JOIN round r ON r.id = q.round_id AND r.state = 'running') AS repair,
            (SELECT min(next_digest_at) FROM round WHERE state = 'running') AS digest,
            (SELECT min(m.settled_at) FROM message m JOIN round r ON r.id = m.lane AND r.state = 'running'
                WHERE m.state = 'in_doubt' AND m.kind = 'invitation') AS doubted,
            (SELECT min(lease_until) FROM message WHERE state IN ('claimed', 'sending')) AS lease,
            (SELECT min(CASE WHEN lease_until > next_at THEN lease_until ELSE next_at END) FROM handoff WHERE state = 'pending') AS handoff,
            (SELECT min(closes_at) FROM round WHERE state IN ('running', 'paused')) AS close"
    )
}
