//! What is said, and in which language.

use std::sync::Arc;

use tidings_template::{Missing, Translations};
use tidings_types::{ContentSettings, Environment, MessageSpec, MissingVariables, Reason, Result, Status, Verdict};

use super::{Content, Subject};
use crate::Services;
use crate::library::{Found, Template, called};
use crate::tenants::TenantChain;

/// In which language a message is read, as the environment's settings say.
pub(crate) struct Language {
    /// The person's language and what stands in for it, nearest first.
    pub(crate) locales: Vec<String>,
    /// The texts of the first of these that has any.
    pub(crate) translations: Option<Arc<Translations>>,
    /// What becomes of a variable without a value.
    pub(crate) missing: Missing,
}

impl Language {
    pub(super) async fn find(services: &Services, environment: Environment, locale: Option<&str>) -> Result<Self> {
        let settings: ContentSettings = services.documents().settings(environment).await?;
        let locales: Vec<String> = match locale {
            None => Vec::new(),
            Some(locale) if settings.locale_fallback => tidings_types::locale::lookup(locale)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            Some(locale) => vec![locale.to_owned()],
        };
        let mut translations = None;
        for locale in locales.iter().chain(&settings.default_locale) {
            if translations.is_none() {
                translations = services.documents().translations(environment, locale).await?;
            }
        }
        Ok(Self {
            locales,
            translations,
            missing: match settings.missing_variables {
                MissingVariables::Render => Missing::Allow,
                MissingVariables::Fail => Missing::Fail,
            },
        })
    }
}

/// The template, if any, and what is rendered.
type Said = (Option<Arc<Template>>, Content);

/// Finds what a message says: its own content, else its template's, a tenant's own version before the workspace's.
pub(super) async fn find(
    services: &Services,
    subject: &Subject<'_>,
    spec: &MessageSpec,
    language: &Language,
    tenants: Option<&TenantChain>,
) -> Result<std::result::Result<Said, Verdict>> {
    let locales = &language.locales;
    if let Some(inline) = &spec.content {
        let prepared = services.documents().contents().prepared(inline, locales)?;
        return Ok(Ok((None, Content::Inline(prepared))));
    }
    let Some(name) = &spec.template else {
        return Ok(Ok((None, Content::Nothing)));
    };
    let (environment, scope) = (subject.message.environment, subject.request.scope);
    let library = services.documents();
    let mut found = library.template(environment, name, scope, locales).await?;
    let workspace = match &found {
        Found::Template(template) => Some(Arc::clone(template)),
        _ => None,
    };
    let workspace = workspace.as_deref();
    let id = workspace.map_or_else(|| called(name), |template| template.id.as_str());
    for tenant in tenants.iter().flat_map(|chain| chain.tenants.iter().rev()) {
        let own = library
            .tenant_template(environment, &tenant.id, id, workspace, scope, locales)
            .await?;
        if let Some(own) = own {
            found = own;
            break;
        }
    }
    let template = match found {
        Found::Template(template) => template,
        Found::Unpublished => {
            let told = format!("Template \"{name}\" was never published");
            return Ok(Err(verdict(Status::Unroutable, Reason::Unpublished, told)));
        }
        Found::Broken(error) => {
            return Ok(Err(Verdict::failed(format!(
                "Template \"{name}\" cannot be read: {error}"
            ))));
        }
        Found::Unknown => {
            let told = format!("No template or event is called \"{name}\"");
            return Ok(Err(verdict(Status::Unmapped, Reason::Failed, told)));
        }
    };
    let began_with = subject.frozen.and_then(|frozen| frozen.template_version.as_deref());
    let template = match began_with.or(spec.template_version.as_deref()) {
        Some(label) if template.version != label => {
            let earlier = library
                .template_version(environment, &template.id, label, workspace, locales)
                .await?;
            earlier.map_or(template, Arc::new)
        }
        _ => template,
    };
    let template = match subject.unsaved {
        None => template,
        Some(content) => match Template::clone(&template).saying(content, locales) {
            Ok(template) => Arc::new(template),
            Err(error) => return Ok(Err(Verdict::failed(error))),
        },
    };
    Ok(Ok((Some(Arc::clone(&template)), Content::Template(template))))
}

fn verdict(status: Status, reason: Reason, error: String) -> Verdict {
    Verdict { status, reason, error }
}
