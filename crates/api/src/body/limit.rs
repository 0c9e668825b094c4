//! How large a body may be, and how many large ones there are at once.

use http::{Method, Uri};

/// The largest body where nothing else is said, in bytes.
pub(crate) const BODY_LIMIT: usize = 1 << 20;
/// The largest body that puts people on a list, in bytes: 50,000 of them with what each prefers.
pub(crate) const PEOPLE_LIMIT: usize = 16 << 20;
/// The largest body with a message, in bytes: all files that a mail may have (18 MiB), of which base64 makes four bytes of
/// three, and 8 MiB for everything else.
pub(crate) const MESSAGE_LIMIT: usize = 32 << 20;

/// How many bodies beyond [`BODY_LIMIT`] are held at once; others wait, so that memory stays bounded.
pub(crate) const LARGE_AT_ONCE: usize = 4;

/// The largest body of an operation, in bytes.
pub(super) fn of(method: &Method, uri: &Uri) -> usize {
    if method != Method::POST && method != Method::PUT {
        return BODY_LIMIT;
    }
    let path = uri.path().trim_matches('/');
    let mut parts = path.split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("send" | "bulk"), _, None, _) => MESSAGE_LIMIT,
        (Some("lists"), Some(_), Some("subscriptions"), None) => PEOPLE_LIMIT,
        _ => BODY_LIMIT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_carries_files_or_people_may_be_large() {
        let limit = |method, path: &str| of(&method, &path.parse().unwrap());
        for path in [
            "/send",
            "/send/",
            "/send?dry_run=true",
            "/send/list",
            "/bulk",
            "/bulk/1-a",
        ] {
            assert_eq!(limit(Method::POST, path), MESSAGE_LIMIT, "{path}");
        }
        for method in [Method::POST, Method::PUT] {
            assert_eq!(limit(method, "/lists/a.b/subscriptions"), PEOPLE_LIMIT);
        }
        for path in [
            "/",
            "/bulk/1-a/run",
            "/lists/a",
            "/lists/a/subscriptions/u",
            "/profiles/send",
        ] {
            assert_eq!(limit(Method::POST, path), BODY_LIMIT, "{path}");
        }
        assert_eq!(limit(Method::GET, "/send"), BODY_LIMIT);
    }
}
