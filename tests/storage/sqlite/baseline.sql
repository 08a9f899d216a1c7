BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE alert (
	id INTEGER NOT NULL, 
	monitor_id INTEGER NOT NULL, 
	run_id VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	created_at VARCHAR NOT NULL, 
	delivered_at VARCHAR, 
	attempts INTEGER NOT NULL, 
	CONSTRAINT pk_alert PRIMARY KEY (id), 
	CONSTRAINT fk_alert_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
);
INSERT INTO "alert" VALUES(1,1,'r1','SUCCESS','TP1 placed','2026-01-31T12:00:00.000000Z',NULL,0);
CREATE TABLE decision (
	id INTEGER NOT NULL, 
	monitor_id INTEGER NOT NULL, 
	run_id VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	CONSTRAINT pk_decision PRIMARY KEY (id), 
	CONSTRAINT fk_decision_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
);
INSERT INTO "decision" VALUES(1,1,'r1','Validating','TP1 is short of 10','2026-01-31T12:00:00.000000Z');
CREATE TABLE exchange_call (
	id INTEGER NOT NULL, 
	monitor_id INTEGER NOT NULL, 
	run_id VARCHAR NOT NULL, 
	operation VARCHAR NOT NULL, 
	order_link_id VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	code INTEGER, 
	latency_ms INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	CONSTRAINT pk_exchange_call PRIMARY KEY (id), 
	CONSTRAINT fk_exchange_call_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
);
INSERT INTO "exchange_call" VALUES(1,1,'r1','place','MIR_TP1','accepted',0,61,'2026-01-31T12:00:00.000000Z','');
CREATE TABLE intent (
	number INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	monitor_id INTEGER NOT NULL, 
	run_id VARCHAR NOT NULL, 
	operation VARCHAR NOT NULL, 
	level INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	order_link_id VARCHAR NOT NULL, 
	order_id VARCHAR NOT NULL, 
	price VARCHAR, 
	quantity VARCHAR, 
	covered VARCHAR NOT NULL, 
	covers VARCHAR NOT NULL, 
	generation INTEGER NOT NULL, 
	again BOOLEAN NOT NULL, 
	status VARCHAR NOT NULL, 
	code INTEGER, 
	detail VARCHAR NOT NULL, 
	created_at VARCHAR NOT NULL, 
	resolved_at VARCHAR, 
	CONSTRAINT pk_intent PRIMARY KEY (number), 
	CONSTRAINT uq_intent_id UNIQUE (id), 
	CONSTRAINT fk_intent_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
);
INSERT INTO "intent" VALUES(1,'r1-1',1,'r1','place',1,1,'MIR_TP1','','0.95','85','0','0',1,0,'planned',NULL,'','2026-01-31T12:00:00.000000Z',NULL);
CREATE TABLE level (
	monitor_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	price VARCHAR NOT NULL, 
	share VARCHAR NOT NULL, 
	target_quantity VARCHAR, 
	live_quantity VARCHAR NOT NULL, 
	filled_quantity VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	CONSTRAINT pk_level PRIMARY KEY (monitor_id, number), 
	CONSTRAINT fk_level_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
);
INSERT INTO "level" VALUES(1,1,'0.95','85','85','85','0','live');
INSERT INTO "level" VALUES(1,2,'0.9','5','5','5','0','live');
INSERT INTO "level" VALUES(1,3,'0.85','5','5','5','0','live');
INSERT INTO "level" VALUES(1,4,'0.8','5','5','5','0','live');
CREATE TABLE level_order (
	monitor_id INTEGER NOT NULL, 
	cycle INTEGER NOT NULL, 
	order_link_id VARCHAR NOT NULL, 
	sequence INTEGER NOT NULL, 
	level INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	order_id VARCHAR NOT NULL, 
	price VARCHAR NOT NULL, 
	asked_price VARCHAR NOT NULL, 
	quantity VARCHAR NOT NULL, 
	filled VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	origin VARCHAR NOT NULL, 
	generation INTEGER NOT NULL, 
	CONSTRAINT pk_level_order PRIMARY KEY (monitor_id, cycle, order_link_id), 
	CONSTRAINT fk_level_order_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
);
INSERT INTO "level_order" VALUES(1,1,'MIR_TP1_BANDUSDT_1737809937842_7432',0,1,1,'id-1','0.95','0.95','85','0','live','placed',1);
INSERT INTO "level_order" VALUES(1,1,'MIR_TP2_BANDUSDT_1737809937842_7432',1,2,1,'id-2','0.9','0.9','5','0','live','placed',1);
INSERT INTO "level_order" VALUES(1,1,'MIR_TP3_BANDUSDT_1737809937842_7432',2,3,1,'id-3','0.85','0.85','5','0','live','placed',1);
INSERT INTO "level_order" VALUES(1,1,'MIR_TP4_BANDUSDT_1737809937842_7432',3,4,1,'id-4','0.8','0.8','5','0','live','placed',1);
CREATE TABLE monitor (
	id INTEGER NOT NULL, 
	account VARCHAR NOT NULL, 
	symbol VARCHAR NOT NULL, 
	side VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	follows VARCHAR, 
	ladder_source VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	cycle INTEGER NOT NULL, 
	position_size VARCHAR NOT NULL, 
	entry_price VARCHAR NOT NULL, 
	covered_quantity VARCHAR NOT NULL, 
	coverage_pct VARCHAR, 
	last_outcome VARCHAR, 
	last_run_id VARCHAR, 
	last_run_at VARCHAR, 
	attempts INTEGER NOT NULL, 
	next_try_at VARCHAR, 
	recovered_at VARCHAR, 
	wakes INTEGER NOT NULL, 
	CONSTRAINT pk_monitor PRIMARY KEY (id), 
	CONSTRAINT uq_monitor_account_symbol_side UNIQUE (account, symbol, side)
);
INSERT INTO "monitor" VALUES(1,'mirror','BANDUSDT','Sell','mirror','main','given','Idle',3,1,'100','1','100','100',NULL,NULL,NULL,0,NULL,NULL,0);
ANALYZE "sqlite_master";
INSERT INTO "sqlite_stat1" VALUES('alert','ix_alert_pending','1 1');
INSERT INTO "sqlite_stat1" VALUES('alert','ix_alert_monitor_id_id','1 1 1');
INSERT INTO "sqlite_stat1" VALUES('level','sqlite_autoindex_level_1','4 4 1');
INSERT INTO "sqlite_stat1" VALUES('level_order','sqlite_autoindex_level_order_1','4 4 4 1');
INSERT INTO "sqlite_stat1" VALUES('transition','ix_transition_monitor_id_id','3 3 1');
INSERT INTO "sqlite_stat1" VALUES('intent','ix_intent_open','1 1 1');
INSERT INTO "sqlite_stat1" VALUES('intent','ix_intent_run_id_number','1 1 1');
INSERT INTO "sqlite_stat1" VALUES('intent','ix_intent_monitor_id_number','1 1 1');
INSERT INTO "sqlite_stat1" VALUES('intent','sqlite_autoindex_intent_1','1 1');
INSERT INTO "sqlite_stat1" VALUES('exchange_call','ix_exchange_call_monitor_id_id','1 1 1');
INSERT INTO "sqlite_stat1" VALUES('decision','ix_decision_monitor_id_id','1 1 1');
CREATE TABLE transition (
	id INTEGER NOT NULL, 
	monitor_id INTEGER NOT NULL, 
	run_id VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	event VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	CONSTRAINT pk_transition PRIMARY KEY (id), 
	CONSTRAINT fk_transition_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
);
INSERT INTO "transition" VALUES(1,1,'r1','Idle','wake','Validating','2026-01-31T12:00:00.000000Z','start-up');
INSERT INTO "transition" VALUES(2,1,'r2','Idle','wake','Validating','2026-01-31T12:00:00.000000Z','start-up');
INSERT INTO "transition" VALUES(3,1,'r3','Idle','wake','Validating','2026-01-31T12:00:00.000000Z','start-up');
CREATE INDEX ix_intent_monitor_id_number ON intent (monitor_id, number);
CREATE INDEX ix_intent_run_id_number ON intent (run_id, number);
CREATE INDEX ix_intent_open ON intent (monitor_id, number) WHERE status IN ('planned', 'sent', 'unknown');
CREATE INDEX ix_transition_monitor_id_id ON transition (monitor_id, id);
CREATE INDEX ix_exchange_call_monitor_id_id ON exchange_call (monitor_id, id);
CREATE INDEX ix_decision_monitor_id_id ON decision (monitor_id, id);
CREATE INDEX ix_alert_monitor_id_id ON alert (monitor_id, id);
CREATE INDEX ix_alert_pending ON alert (id) WHERE delivered_at IS NULL;
CREATE VIEW monitor_status AS
SELECT account, symbol, side, role, follows, state, position_size, covered_quantity,
       coverage_pct, last_outcome, last_run_id, last_run_at, attempts, next_try_at,
       ladder_source, recovered_at, cycle, version
FROM monitor;
CREATE VIEW level_status AS
SELECT m.account, m.symbol, m.side, l.number AS level, l.price, l.share,
       l.target_quantity, l.live_quantity, l.filled_quantity,
       (SELECT group_concat(shown.order_link_id, ' ') FROM (
            SELECT o.order_link_id FROM level_order o
            WHERE o.monitor_id = l.monitor_id AND o.cycle = m.cycle AND o.level = l.number
              AND iif(l.status = 'filled', o.status = 'filled', o.status IN ('sent', 'live'))
            ORDER BY o.sequence) AS shown) AS order_link_id,
       (SELECT group_concat(nullif(shown.order_id, ''), ' ') FROM (
            SELECT o.order_id FROM level_order o
            WHERE o.monitor_id = l.monitor_id AND o.cycle = m.cycle AND o.level = l.number
              AND iif(l.status = 'filled', o.status = 'filled', o.status IN ('sent', 'live'))
            ORDER BY o.sequence) AS shown) AS order_id,
       l.status
FROM level l JOIN monitor m ON m.id = l.monitor_id;
CREATE VIEW transition_log AS
SELECT t.id, t.run_id, m.account, m.symbol, m.side, t.source, t.event, t.target, t.at, t.detail
FROM transition t JOIN monitor m ON m.id = t.monitor_id;
CREATE VIEW exchange_call_log AS
SELECT c.id, c.run_id, m.account, m.symbol, m.side, c.operation, c.order_link_id, c.outcome,
       c.code, c.latency_ms, c.at, c.detail
FROM exchange_call c JOIN monitor m ON m.id = c.monitor_id;
CREATE VIEW decision_log AS
SELECT d.id, d.run_id, m.account, m.symbol, m.side, d.state, d.text, d.at
FROM decision d JOIN monitor m ON m.id = d.monitor_id;
CREATE VIEW intent_log AS
SELECT i.number, i.id, i.run_id, m.account, m.symbol, m.side, i.operation, i.level, i.part,
       i.order_link_id, i.order_id, i.quantity, i.price, i.covered, i.covers,
       i.generation, i.again, i.status,
       i.code, i.detail, i.created_at, i.resolved_at
FROM intent i JOIN monitor m ON m.id = i.monitor_id;
CREATE VIEW alert_log AS
SELECT a.id, a.run_id, m.account, m.symbol, m.side, a.status, a.text, a.created_at,
       a.delivered_at, a.attempts
FROM alert a JOIN monitor m ON m.id = a.monitor_id;
COMMIT;
