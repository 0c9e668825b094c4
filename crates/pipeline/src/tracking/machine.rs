//! Telling machines from people: link scanners, previews, prefetching.
//!
//! A guess that errs on the side of not counting. Mail gateways follow links before the person sees them, chat programs
//! fetch previews, browsers fetch ahead; none of that is a click. The image proxies of mail programs are not among them:
//! they load the pixel because somebody opened the mail. What fetches everything in advance under a browser's name
//! (Apple's Mail Privacy Protection) cannot be told apart by anyone.

/// What is known of who asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visitor<'a> {
    /// Whether it only asked for the head of the answer.
    pub head_only: bool,
    /// `User-Agent`.
    pub agent: &'a str,
    /// `Purpose`, `Sec-Purpose`, `X-Purpose` or `X-Moz`, whichever is there.
    pub purpose: &'a str,
}

/// Parts of user agents, in lower case, of programs that follow links without anybody having clicked.
const MACHINES: [&str; 44] = [
    "applebot",
    "barracuda",
    "bitlybot",
    "bingpreview",
    "bot/",
    "bot;",
    "cisco-email",
    "cloudmark",
    "crawler",
    "curl/",
    "discordbot",
    "embedly",
    "facebookexternalhit",
    "fireeye",
    "forcepoint",
    "go-http-client",
    "googlebot",
    "google-read-aloud",
    "google-safety",
    "headlesschrome",
    "ironport",
    "java/",
    "libwww",
    "linkedinbot",
    "link preview",
    "linkscanner",
    "mimecast",
    "monitoring",
    "node-fetch",
    "phantomjs",
    "proofpoint",
    "python-",
    "safelinks",
    "scanner",
    "skypeuripreview",
    "slackbot",
    "slack-imgproxy",
    "sophos",
    "spider",
    "symantec",
    "telegrambot",
    "twitterbot",
    "urldefense",
    "wget/",
];

/// Why a visitor is taken for a machine; none for what may be a person.
pub fn machine(visitor: &Visitor<'_>) -> Option<&'static str> {
    if visitor.head_only {
        return Some("it only asked for the head");
    }
    let purpose = visitor.purpose.to_ascii_lowercase();
    if ["prefetch", "preview", "prerender"]
        .iter()
        .any(|one| purpose.contains(one))
    {
        return Some("it fetched ahead");
    }
    let agent = visitor.agent.trim().to_ascii_lowercase();
    if agent.is_empty() {
        return Some("it does not say what it is");
    }
    MACHINES
        .iter()
        .any(|one| agent.contains(one))
        .then_some("its name is that of a program that follows links by itself")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(agent: &str) -> Visitor<'_> {
        Visitor {
            agent,
            ..Visitor::default()
        }
    }

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    #[test]
    fn people_and_the_proxies_of_their_mail_programs_count() {
        for agent in [
            FIREFOX,
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
            "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
            "Mozilla/5.0",
        ] {
            assert_eq!(machine(&by(agent)), None, "{agent}");
        }
    }

    #[test]
    fn machines_do_not() {
        for agent in [
            "",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "facebookexternalhit/1.1",
            "curl/8.14.1",
            "python-requests/2.32",
            "Mozilla/5.0 (Windows NT 10.0) HeadlessChrome/140.0",
            "Barracuda Sentinel (EE)",
        ] {
            assert!(machine(&by(agent)).is_some(), "{agent}");
        }
        let ahead = Visitor {
            purpose: "prefetch;prerender",
            ..by(FIREFOX)
        };
        let head = Visitor {
            head_only: true,
            ..by(FIREFOX)
        };
        assert!(machine(&ahead).is_some() && machine(&head).is_some());
    }
}
