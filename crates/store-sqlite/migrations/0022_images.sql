-- Pictures that mails show, by what is in them.
CREATE TABLE images (
    environment INTEGER NOT NULL,
    -- SHA-256 in hex.
    digest      TEXT    NOT NULL,
    -- Such as image/png.
    type        TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    bytes       BLOB    NOT NULL,
    PRIMARY KEY (environment, digest)
) STRICT;
