-- Which people belong to which tenants. The tenants themselves are documents.

CREATE TABLE memberships (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    tenant_id   text COLLATE "C" NOT NULL,
    profile     text,
    created     bigint           NOT NULL,
    PRIMARY KEY (environment, user_id, tenant_id)
);

CREATE INDEX memberships_by_tenant ON memberships (environment, tenant_id, user_id);

CREATE INDEX documents_by_parent ON documents (environment, kind, parent, created, id) WHERE parent IS NOT NULL;
