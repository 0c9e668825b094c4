-- Pictures that mails show, by what is in them.
CREATE TABLE images (
    environment smallint         NOT NULL,
    -- SHA-256 in hex.
    digest      text COLLATE "C" NOT NULL,
    -- Such as image/png.
    type        text             NOT NULL,
    created     bigint           NOT NULL,
    bytes       bytea            NOT NULL,
    PRIMARY KEY (environment, digest)
);
-- Pictures do not get smaller by compressing them again.
ALTER TABLE images ALTER COLUMN bytes SET STORAGE EXTERNAL;
