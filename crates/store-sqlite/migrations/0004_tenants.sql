-- Which people belong to which tenants. The tenants themselves are documents.

CREATE TABLE memberships (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    tenant_id   TEXT    NOT NULL,
    profile     TEXT,
    created     INTEGER NOT NULL,
    PRIMARY KEY (environment, user_id, tenant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX memberships_by_tenant ON memberships (environment, tenant_id, user_id);

CREATE INDEX documents_by_parent ON documents (environment, kind, parent, created, id) WHERE parent IS NOT NULL;
