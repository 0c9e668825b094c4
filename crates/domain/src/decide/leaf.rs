//! One entry of the routing tree: which of its providers may carry the message.

use std::collections::BTreeSet;

use tidings_types::routing::RoutingTarget;
use tidings_types::trace::TraceCode;
use tidings_types::{Address, Channel, Leaf, Target, TraceEntry};

use super::{AddressState, CHANNEL_TIMEOUT_MS, Candidate, Input, PROVIDER_TIMEOUT_MS};

/// Why an entry was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Excluded {
    /// Preferences left it out.
    Preference,
    /// A condition is false.
    Condition,
    /// No provider is configured, or none by this name exists.
    NoProvider,
    /// It names a provider that the channel does not allow.
    NotAllowed {
        /// The provider named.
        named: String,
        /// Those allowed.
        allowed: Vec<String>,
    },
    /// There is no content for it.
    NoContent,
    /// The person has no usable address there.
    NoAddress,
}

/// Builds leaves and keeps account of what was left out.
pub(super) struct LeafBuilder<'i, 't> {
    input: &'i Input<'i>,
    trace: &'t mut Vec<TraceEntry>,
    excluded: Vec<Excluded>,
    /// Whether the person's choice of channels counts.
    choice_counts: bool,
}

/// What a name in the routing tree stands for.
struct Named<'i> {
    channel: Channel,
    /// The provider it pins, if it pins one.
    pinned: Option<&'i str>,
    /// An alias pins one account.
    account: Option<&'i str>,
}

impl<'i, 't> LeafBuilder<'i, 't> {
    pub(super) fn new(input: &'i Input<'i>, trace: &'t mut Vec<TraceEntry>) -> Self {
        Self {
            input,
            trace,
            excluded: Vec::new(),
            choice_counts: true,
        }
    }

    /// The same, whatever channels the person chose.
    pub(super) fn whatever_was_chosen(mut self) -> Self {
        self.choice_counts = false;
        self
    }

    pub(super) fn exclude(&mut self, excluded: Excluded) {
        self.excluded.push(excluded);
    }

    pub(super) fn into_excluded(self) -> Vec<Excluded> {
        self.excluded
    }

    /// The entry with its usable providers.
    pub(super) fn build(&mut self, target: &'i RoutingTarget, path: String) -> Result<Leaf, Excluded> {
        let Some(named) = self.resolve(&target.name) else {
            self.note(
                TraceCode::UnknownName,
                None,
                None,
                format!("\"{}\" is no channel and no provider", target.name),
            );
            return Err(Excluded::NoProvider);
        };
        self.check_preference(&named)?;
        self.check_conditions(target, &named)?;
        let candidates = self.candidates(target, &named)?;
        let mut targets = Vec::new();
        let mut last = Excluded::NoAddress;
        for candidate in candidates {
            match self.target(candidate, &named) {
                Ok(one) => targets.push(one),
                Err(excluded) => last = excluded,
            }
        }
        if targets.is_empty() {
            return Err(last);
        }
        let options = self.input.channels.get(named.channel.as_str());
        let method = target
            .method
            .or(options.and_then(|options| options.routing_method))
            .unwrap_or_default();
        let timeout_ms = options
            .and_then(|options| options.timeouts.channel.or(options.timeout))
            .or_else(|| self.input.timeout.channel.get(named.channel.as_str()))
            .unwrap_or(CHANNEL_TIMEOUT_MS);
        Ok(Leaf {
            path,
            channel: named.channel,
            method,
            timeout_ms,
            targets,
        })
    }

    fn resolve(&self, name: &'i str) -> Option<Named<'i>> {
        if let Some(channel) = Channel::parse(name) {
            return Some(Named {
                channel,
                pinned: None,
                account: None,
            });
        }
        if let Some(channel) = (self.input.catalog)(name) {
            return Some(Named {
                channel,
                pinned: Some(name),
                account: None,
            });
        }
        let candidate = self
            .input
            .candidates
            .iter()
            .find(|one| one.alias.as_deref() == Some(name))?;
        Some(Named {
            channel: candidate.channel,
            pinned: Some(&candidate.provider),
            account: Some(&candidate.account),
        })
    }

    fn check_preference(&mut self, named: &Named<'_>) -> Result<(), Excluded> {
        if !self.has_custom_routing() || self.chosen().contains(&named.channel) {
            return Ok(());
        }
        let told = "The person did not choose this channel for the topic".to_owned();
        self.note(TraceCode::NotChosen, Some(named.channel), None, told);
        Err(Excluded::Preference)
    }

    fn has_custom_routing(&self) -> bool {
        let preference = self
            .input
            .preference
            .as_ref()
            .map(|(_, effective)| &effective.preference);
        self.choice_counts && preference.is_some_and(|preference| preference.has_custom_routing == Some(true))
    }

    fn chosen(&self) -> BTreeSet<Channel> {
        let preference = self
            .input
            .preference
            .as_ref()
            .map(|(_, effective)| &effective.preference);
        preference
            .into_iter()
            .flat_map(|preference| preference.custom_routing.iter().copied())
            .collect()
    }

    /// The entry's own condition and the channel's. The person's own choice of channels overrules the latter.
    fn check_conditions(&mut self, target: &RoutingTarget, named: &Named<'_>) -> Result<(), Excluded> {
        let options = [Some(named.channel.as_str()), named.pinned];
        let mut conditions: Vec<_> = target.condition.iter().collect();
        if !self.has_custom_routing() {
            let of_channel = options
                .into_iter()
                .flatten()
                .filter_map(|name| self.input.channels.get(name));
            conditions.extend(of_channel.filter_map(|options| options.condition.as_ref()));
        }
        for condition in conditions {
            self.check_condition(condition, named.channel, None)?;
        }
        Ok(())
    }

    fn check_condition(
        &mut self,
        condition: &serde_json::Value,
        channel: Channel,
        provider: Option<&str>,
    ) -> Result<(), Excluded> {
        match (self.input.condition)(condition) {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.note(
                    TraceCode::ConditionFalse,
                    Some(channel),
                    provider,
                    "Its condition is false".to_owned(),
                );
                Err(Excluded::Condition)
            }
            Err(error) => {
                let told = format!("Its condition cannot be evaluated: {error}");
                self.note(TraceCode::ConditionError, Some(channel), provider, told);
                Err(Excluded::Condition)
            }
        }
    }

    /// The accounts that may serve the entry, in the order of failover.
    fn candidates(&mut self, target: &RoutingTarget, named: &Named<'_>) -> Result<Vec<&'i Candidate>, Excluded> {
        let input = self.input;
        let of_channel: Vec<_> = input
            .candidates
            .iter()
            .filter(|one| one.channel == named.channel)
            .collect();
        let configured = input
            .channels
            .get(named.channel.as_str())
            .map(|options| options.providers.as_slice());
        let allowed: &[String] = match (target.providers.as_slice(), configured) {
            ([], Some(allowed)) => allowed,
            (own, _) => own,
        };
        if let Some(pinned) = named.pinned {
            if !allowed.is_empty() && !allowed.iter().any(|one| one == pinned) {
                let told = format!(
                    "{pinned} is not among the providers allowed here: {}",
                    allowed.join(", ")
                );
                self.note(TraceCode::NotAllowed, Some(named.channel), Some(pinned), told);
                return Err(Excluded::NotAllowed {
                    named: pinned.to_owned(),
                    allowed: allowed.to_vec(),
                });
            }
            let fits = |one: &&&Candidate| {
                one.stands_in || one.provider == pinned && named.account.is_none_or(|account| account == one.account)
            };
            let found: Vec<_> = of_channel.iter().filter(fits).copied().collect();
            return self.unless_empty(found, named.channel, Some(pinned));
        }
        if allowed.is_empty() {
            return self.unless_empty(of_channel, named.channel, None);
        }
        let mut found: Vec<&Candidate> = Vec::new();
        for name in allowed {
            let fits = |one: &&&Candidate| one.stands_in || &one.provider == name || one.alias.as_deref() == Some(name);
            let matching: Vec<_> = of_channel.iter().filter(fits).copied().collect();
            if matching.is_empty() {
                self.note(
                    TraceCode::NoProvider,
                    Some(named.channel),
                    Some(name),
                    "It is not configured".to_owned(),
                );
            }
            for one in matching {
                if !found.iter().any(|known| known.account == one.account) {
                    found.push(one);
                }
            }
        }
        self.unless_empty(found, named.channel, None)
    }

    fn unless_empty(
        &mut self,
        found: Vec<&'i Candidate>,
        channel: Channel,
        pinned: Option<&str>,
    ) -> Result<Vec<&'i Candidate>, Excluded> {
        if found.is_empty() {
            let told = pinned.map_or("No provider is configured for it".to_owned(), |_| {
                "It is not configured".to_owned()
            });
            self.note(TraceCode::NoProvider, Some(channel), pinned, told);
            return Err(Excluded::NoProvider);
        }
        Ok(found)
    }

    /// One account, if it can carry the message to this person.
    fn target(&mut self, candidate: &Candidate, named: &Named<'_>) -> Result<Target, Excluded> {
        let input = self.input;
        let channel = candidate.channel;
        let provider = candidate.provider.as_str();
        let options = input
            .providers
            .get(provider)
            .or_else(|| input.providers.get(named.pinned?));
        if let Some(condition) = options.and_then(|options| options.condition.as_ref()) {
            self.check_condition(condition, channel, Some(provider))?;
        }
        if !(input.has_content)(channel, named.pinned.unwrap_or(provider)) {
            self.note(
                TraceCode::NoContent,
                Some(channel),
                Some(provider),
                "There is no content for it".to_owned(),
            );
            return Err(Excluded::NoContent);
        }
        let addresses = match &candidate.address {
            AddressState::Known(addresses) => addresses.clone(),
            AddressState::Missing(why) => {
                self.note(TraceCode::NoAddress, Some(channel), Some(provider), why.clone());
                return Err(Excluded::NoAddress);
            }
            AddressState::Invalid(why) => {
                self.note(TraceCode::BadAddress, Some(channel), Some(provider), why.clone());
                return Err(Excluded::NoAddress);
            }
        };
        let of_channel = input.channels.get(channel.as_str());
        let timeout_ms = options
            .and_then(|options| options.timeouts)
            .or_else(|| of_channel.and_then(|options| options.timeouts.provider))
            .or_else(|| input.timeout.provider.get(provider))
            .unwrap_or(PROVIDER_TIMEOUT_MS);
        self.note_usable(candidate, named, &addresses);
        Ok(Target {
            provider: candidate.provider.clone(),
            account: candidate.account.clone(),
            addresses,
            timeout_ms,
        })
    }

    fn note_usable(&mut self, candidate: &Candidate, named: &Named<'_>, addresses: &[Address]) {
        let provider = Some(candidate.provider.as_str());
        if candidate.stands_in
            && let Some(pinned) = named.pinned.filter(|pinned| *pinned != candidate.provider)
        {
            let told = format!("{} stands in for {pinned}", candidate.provider);
            self.note(TraceCode::StandIn, Some(candidate.channel), provider, told);
        }
        let told = match addresses.len() {
            1 => "Can be used".to_owned(),
            many => format!("Can be used, at {many} addresses"),
        };
        self.note(TraceCode::Usable, Some(candidate.channel), provider, told);
    }

    fn note(&mut self, code: TraceCode, channel: Option<Channel>, provider: Option<&str>, detail: String) {
        let mut entry = TraceEntry::new(self.input.now, code, detail);
        entry.channel = channel;
        entry.provider = provider.map(str::to_owned);
        self.trace.push(entry);
    }
}
