use super::*;

/// Long enough for a request that gets a slot at once.
const SHORT: Duration = Duration::from_millis(50);

fn at(last: u8) -> Sender {
    Sender::Address([192, 0, 2, last].into())
}

fn queue(places: usize, wait: Duration) -> Hashing {
    Hashing::new(places, wait)
}

#[tokio::test]
async fn a_request_that_waits_too_long_is_rejected_with_whole_seconds() {
    let hashing = queue(1, SHORT);
    let first = hashing.turn(at(1)).await.unwrap();
    assert_eq!(hashing.turn(at(2)).await.unwrap_err(), Busy { seconds: 1 });
    drop(first);
    assert!(hashing.turn(at(2)).await.is_ok());
}

#[tokio::test]
async fn one_address_has_one_turn_at_a_time() {
    let hashing = queue(4, SHORT);
    let first = hashing.turn(at(1)).await.unwrap();
    assert!(hashing.turn(at(1)).await.is_err());
    assert!(hashing.turn(at(2)).await.is_ok());
    let sender_turn = first.release_slot();
    assert!(hashing.turn(at(1)).await.is_err(), "until it is answered");
    drop(sender_turn);
    assert!(hashing.turn(at(1)).await.is_ok());
}

#[tokio::test]
async fn a_known_browser_has_a_slot_that_strangers_cannot_fill() {
    let hashing = queue(1, SHORT);
    let _stranger = hashing.turn(at(1)).await.unwrap();
    assert!(hashing.turn(Sender::Device("d".into())).await.is_ok());
    assert!(hashing.turn(Sender::Session("s".into())).await.is_ok());
    assert!(hashing.turn(at(2)).await.is_err());
}

#[tokio::test]
async fn an_address_with_a_recent_sign_in_has_a_slot_that_strangers_cannot_fill() {
    let hashing = queue(1, SHORT);
    hashing.turn(at(2)).await.unwrap().release_slot().note_success();
    let _stranger = hashing.turn(at(1)).await.unwrap();
    assert!(hashing.turn(at(3)).await.is_err());
    let turn = hashing.turn(at(2)).await.unwrap();
    assert!(hashing.turn(at(2)).await.is_err(), "one at a time");
    assert!(hashing.turn(Sender::Device("d".into())).await.is_ok(), "nor does it take a browser's place");
    drop(turn);
}

#[tokio::test]
async fn a_client_that_disconnects_leaves_the_queue() {
    let hashing = queue(1, Duration::from_secs(3600));
    let first = hashing.turn(at(1)).await.unwrap();
    let waits = tokio::spawn({
        let hashing = hashing.clone();
        async move { hashing.turn(at(2)).await.is_ok() }
    });
    while hashing.waiting_count() == 0 {
        tokio::task::yield_now().await;
    }
    waits.abort();
    assert!(waits.await.is_err());
    assert_eq!(hashing.waiting_count(), 0);
    assert_eq!(hashing.0.queues().len(), 1);
    drop(first);
    assert_eq!(hashing.0.queues().len(), 0);
}

#[tokio::test]
async fn the_queue_of_a_sender_is_bounded() {
    let hashing = queue(1, Duration::from_secs(3600));
    let entered: Vec<_> = (0..MAX_QUEUED).map(|_| hashing.0.enter(at(1)).unwrap()).collect();
    assert!(hashing.turn(at(1)).await.is_err());
    drop(entered);
    assert!(hashing.turn(at(1)).await.is_ok());
}

/// The expected time of eight comparisons is the same, whether a turn compared one hash or eight.
#[tokio::test]
async fn the_time_of_a_comparison_is_measured() {
    let hashing = queue(1, MAX_WAIT);
    hashing.0.comparison.store(100_000, Ordering::Relaxed);
    let turn = hashing.turn(at(1)).await.unwrap();
    assert_eq!(turn.expected(8), Duration::from_secs(1));
    turn.compare(&SecretString::from("violet harbour 17 lamps"), Vec::new()).await;
    assert_ne!(turn.expected(8), Duration::from_secs(1));
    measure(&hashing.0.comparison, Duration::ZERO);
    assert!(turn.expected(8) < Duration::from_secs(2));
}

#[tokio::test]
async fn the_password_is_compared_with_each_hash() {
    let turn = queue(1, MAX_WAIT).turn(at(1)).await.unwrap();
    let plain = SecretString::from("violet harbour 17 lamps");
    let hash = turn.hash(plain.clone()).await.unwrap();
    assert_eq!(turn.compare(&plain, vec![hash, "$argon2id$broken".into()]).await, [true, false]);
    assert_eq!(turn.compare(&plain, Vec::new()).await, [false; 0]);
}
