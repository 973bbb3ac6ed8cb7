/** The log's part of the one database file. A shipped version is never edited; the next one is appended. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE log (
    idx INTEGER PRIMARY KEY,
    term INTEGER NOT NULL,
    entry_id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    tick INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    link_hash BLOB NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('ACCEPTED', 'REJECTED')),
    code TEXT,
    effects_hash BLOB NOT NULL
  ) STRICT;

  CREATE TABLE log_head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    cluster_id BLOB NOT NULL,
    term INTEGER NOT NULL,
    applied_index INTEGER NOT NULL,
    tick INTEGER NOT NULL,
    link_hash BLOB NOT NULL,
    effects_hash BLOB NOT NULL
  ) STRICT;

  CREATE TABLE state (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE effects (
    idx INTEGER NOT NULL REFERENCES log (idx),
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (idx, n)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE node_key (
    key_id TEXT PRIMARY KEY,
    node_id TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    spki BLOB NOT NULL,
    private_key BLOB NOT NULL
  ) STRICT;

  CREATE TABLE accounts (
    account_id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (tenant_id, project_id, subject)
  ) STRICT;
  `,
  // The tree over the log, the tree over the state, certificates, and the key that signs statements. Every
  // key of a state that came before the tree counts as changed, so the first root takes it in. A row whose
  // bytes are no entry has no type and no tick, as its leaf has none.
  `
  CREATE TABLE log_tree (
    height INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (height, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE state_nodes (
    id TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE state_dirty (
    key TEXT PRIMARY KEY
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE state_roots (
    idx INTEGER PRIMARY KEY,
    root BLOB NOT NULL,
    subsystems BLOB NOT NULL
  ) STRICT;

  CREATE TABLE checkpoints (
    tree_size INTEGER PRIMARY KEY,
    idx INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE statement_key (
    key_id TEXT PRIMARY KEY,
    node_id TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    spki BLOB NOT NULL,
    private_key BLOB NOT NULL,
    binding BLOB NOT NULL
  ) STRICT;

  CREATE TABLE statement_seals (
    digest BLOB PRIMARY KEY,
    node_signature BLOB NOT NULL,
    statement_signature BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE log ADD COLUMN block INTEGER;
  INSERT INTO state_dirty (key) SELECT key FROM state;
  UPDATE log SET type = '', tick = 0 WHERE code = 'MALFORMED';
  `,
];
