//! What providers report of messages: receipts, bounces, complaints.

use tidings_providers::{Distrust, Inbound, Receipt, ReceiptKind};
use tidings_store::{Act, Engagement};
use tidings_types::{Environment, MessageId, ProviderAccount, Reason, Result, Timestamp};

use crate::Services;
use crate::preferences::{self, Origin};

/// An account, in whichever environment it is.
///
/// # Errors
/// When the store cannot be read.
pub async fn account(services: &Services, id: &str) -> Result<Option<(Environment, ProviderAccount)>> {
    let Services { library, .. } = services;
    for environment in Environment::ALL {
        let accounts = library.accounts(environment).await?;
        if let Some(found) = accounts.iter().find(|account| account.id == id) {
            return Ok(Some((environment, found.clone())));
        }
    }
    Ok(None)
}

/// Reads what came in for an account and tells it of the messages. How many receipts there were; none when the account's
/// provider reports nothing here.
///
/// # Errors
/// When the store cannot be written; the provider then tries again.
pub async fn receive(
    services: &Services,
    environment: Environment,
    account: &ProviderAccount,
    inbound: &Inbound<'_>,
) -> Result<Option<std::result::Result<usize, Distrust>>> {
    let Some(provider) = services.registry.get(&account.provider) else {
        return Ok(None);
    };
    let receipts = match provider.receipts(inbound) {
        None => return Ok(None),
        Some(Err(distrust)) => return Ok(Some(Err(distrust))),
        Some(Ok(receipts)) => receipts,
    };
    let count = receipts.len();
    let spec = provider.spec();
    let via = format!("{}:{}", spec.channel, spec.key);
    let left: Vec<_> = receipts.iter().filter_map(left).collect();
    let told = receipts
        .into_iter()
        .map(|receipt| engagement(environment, receipt, &via, spec.key))
        .collect();
    crate::engage(services, told).await?;
    for (message_id, origin, at) in left {
        preferences::left_at_provider(services, environment, &message_id, origin, at).await?;
    }
    Ok(Some(Ok(count)))
}

/// What a receipt says of the person's wishes: who complains or unsubscribes at the provider wants no more of the topic.
fn left(receipt: &Receipt) -> Option<(MessageId, Origin, Timestamp)> {
    let origin = match receipt.kind {
        ReceiptKind::Complained => Origin::ProviderComplaint,
        ReceiptKind::Unsubscribed => Origin::ProviderUnsubscribe,
        _ => return None,
    };
    Some((MessageId::from(receipt.message_id.as_str()), origin, receipt.at))
}

fn engagement(environment: Environment, receipt: Receipt, via: &str, source: &str) -> Engagement {
    let act = match receipt.kind {
        ReceiptKind::Delivered => Act::Delivered,
        ReceiptKind::Opened => Act::Opened,
        ReceiptKind::Clicked => Act::Clicked,
        ReceiptKind::Bounced(error) => Act::Undeliverable {
            reason: Reason::Bounced,
            error,
        },
        ReceiptKind::Complained => Act::Complained,
        ReceiptKind::Unsubscribed => Act::Unsubscribed,
    };
    Engagement::new(environment, receipt.message_id, act, receipt.at, source).via(via)
}
