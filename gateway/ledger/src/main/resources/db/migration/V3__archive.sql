-- What callers were told, by hash, for good: nothing in here is personal, nothing is ever changed or deleted.

-- Octets under their SHA-256: the text of a notice ("part=words" a line, in the order of the parts), or the sound of one
-- part (A-law, 8 kHz).
CREATE TABLE ledger_content (
  sha256 VARCHAR(64) NOT NULL PRIMARY KEY,
  octets ${bytes}    NOT NULL
);

-- The sound of a notice: the octets of its parts, one after the other in the order of the parts, have the audio_sha256.
CREATE TABLE ledger_notice_sound (
  text_sha256  VARCHAR(64) NOT NULL,
  audio_sha256 VARCHAR(64) NOT NULL,
  part         VARCHAR(64) NOT NULL,
  sha256       VARCHAR(64) NOT NULL,
  PRIMARY KEY (text_sha256, audio_sha256, part)
);

-- Which text and sound a version is, since it was first spoken, and what else held of it.
CREATE TABLE ledger_notice (
  lineage      VARCHAR(64) NOT NULL,
  version      VARCHAR(64) NOT NULL,
  language     VARCHAR(8)  NOT NULL,
  variant      VARCHAR(64) NOT NULL,
  text_sha256  VARCHAR(64) NOT NULL,
  audio_sha256 VARCHAR(64) NOT NULL,
  terms        TEXT        NOT NULL,
  since_ms     BIGINT      NOT NULL,
  PRIMARY KEY (lineage, version, language, variant)
);
