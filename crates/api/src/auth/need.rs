//! What handlers need tokens to grant.

/// Something a handler needs a token to grant.
pub trait Need: Send + Sync + 'static {
    /// The item of the scope.
    const ITEM: &'static str;
    /// The path parameter that names the resource, where an item may be for one resource only.
    const RESOURCE: Option<&'static str> = None;
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident => $item:literal $(of $resource:literal)?),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Need for $name {
                const ITEM: &'static str = $item;
                $(const RESOURCE: Option<&'static str> = Some($resource);)?
            }
        )*
    };
}

needs! {
    /// Reading the bound people's device tokens.
    ReadTokens => "read:user-tokens",
    /// Writing them.
    WriteTokens => "write:user-tokens",
    /// Reading the bound people's preferences.
    ReadPreferences => "read:preferences",
    /// Writing them.
    WritePreferences => "write:preferences",
    /// Writing what is known of the bound people, as their own pages do.
    WriteProfiles => "write:profiles",
    /// Reading brands, or the one that is named.
    ReadBrands => "read:brands" of "id",
    /// Writing brands, or the one that is named.
    WriteBrands => "write:brands" of "id",
}
