-- MLflow 1.30 on PostgreSQL, as its store leaves it at this revision of the schema.
-- Keys, foreign keys and indexes follow the line "-- after the data", so that a load may come in between.

CREATE TABLE alembic_version (version_num varchar(32) NOT NULL);
INSERT INTO alembic_version VALUES ('97727af70f4d');

CREATE SEQUENCE experiments_experiment_id_seq AS integer;
CREATE TABLE experiments (
  experiment_id integer NOT NULL DEFAULT nextval('experiments_experiment_id_seq'),
  name varchar(256) NOT NULL,
  artifact_location varchar(256),
  lifecycle_stage varchar(32) CONSTRAINT experiments_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')),
  creation_time bigint,
  last_update_time bigint
);
ALTER SEQUENCE experiments_experiment_id_seq OWNED BY experiments.experiment_id;
CREATE TABLE experiment_tags (key varchar(250) NOT NULL, value varchar(5000), experiment_id integer NOT NULL);

CREATE TABLE runs (
  run_uuid varchar(32) NOT NULL,
  name varchar(250),
  source_type varchar(20) CONSTRAINT source_type CHECK (source_type IN ('NOTEBOOK', 'JOB', 'LOCAL', 'UNKNOWN', 'PROJECT')),
  source_name varchar(500),
  entry_point_name varchar(50),
  user_id varchar(256),
  status varchar(9) CONSTRAINT runs_status_check CHECK (status IN ('SCHEDULED', 'FAILED', 'FINISHED', 'RUNNING', 'KILLED')),
  start_time bigint,
  end_time bigint,
  source_version varchar(50),
  lifecycle_stage varchar(20) CONSTRAINT runs_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')),
  artifact_uri varchar(200),
  experiment_id integer,
  deleted_time bigint
);
CREATE TABLE metrics (
  key varchar(250) NOT NULL,
  value double precision NOT NULL,
  timestamp bigint NOT NULL,
  run_uuid varchar(32) NOT NULL,
  step bigint NOT NULL DEFAULT 0,
  is_nan boolean NOT NULL DEFAULT false
);
CREATE TABLE latest_metrics (
  key varchar(250) NOT NULL,
  value double precision NOT NULL,
  timestamp bigint,
  step bigint NOT NULL,
  is_nan boolean NOT NULL,
  run_uuid varchar(32) NOT NULL
);
CREATE TABLE params (key varchar(250) NOT NULL, value varchar(500) NOT NULL, run_uuid varchar(32) NOT NULL);
CREATE TABLE tags (key varchar(250) NOT NULL, value varchar(5000), run_uuid varchar(32) NOT NULL);

CREATE TABLE registered_models (
  name varchar(256) NOT NULL,
  creation_time bigint,
  last_updated_time bigint,
  description varchar(5000)
);
CREATE TABLE registered_model_tags (key varchar(250) NOT NULL, value varchar(5000), name varchar(256) NOT NULL);
CREATE TABLE model_versions (
  name varchar(256) NOT NULL,
  version integer NOT NULL,
  creation_time bigint,
  last_updated_time bigint,
  description varchar(5000),
  user_id varchar(256),
  current_stage varchar(20),
  source varchar(500),
  run_id varchar(32),
  status varchar(20),
  status_message varchar(500),
  run_link varchar(500)
);
CREATE TABLE model_version_tags (key varchar(250) NOT NULL, value varchar(5000), name varchar(256) NOT NULL, version integer NOT NULL);

-- after the data

ALTER TABLE alembic_version ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE experiments ADD CONSTRAINT experiment_pk PRIMARY KEY (experiment_id);
ALTER TABLE experiments ADD CONSTRAINT experiments_name_key UNIQUE (name);
ALTER TABLE experiment_tags ADD CONSTRAINT experiment_tag_pk PRIMARY KEY (key, experiment_id);
ALTER TABLE runs ADD CONSTRAINT run_pk PRIMARY KEY (run_uuid);
ALTER TABLE metrics ADD CONSTRAINT metric_pk PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan);
ALTER TABLE latest_metrics ADD CONSTRAINT latest_metric_pk PRIMARY KEY (key, run_uuid);
ALTER TABLE params ADD CONSTRAINT param_pk PRIMARY KEY (key, run_uuid);
ALTER TABLE tags ADD CONSTRAINT tag_pk PRIMARY KEY (key, run_uuid);
ALTER TABLE registered_models ADD CONSTRAINT registered_model_pk PRIMARY KEY (name);
ALTER TABLE registered_model_tags ADD CONSTRAINT registered_model_tag_pk PRIMARY KEY (key, name);
ALTER TABLE model_versions ADD CONSTRAINT model_version_pk PRIMARY KEY (name, version);
ALTER TABLE model_version_tags ADD CONSTRAINT model_version_tag_pk PRIMARY KEY (key, name, version);

ALTER TABLE experiment_tags ADD CONSTRAINT experiment_tags_experiment_id_fkey FOREIGN KEY (experiment_id) REFERENCES experiments;
ALTER TABLE runs ADD CONSTRAINT runs_experiment_id_fkey FOREIGN KEY (experiment_id) REFERENCES experiments;
ALTER TABLE metrics ADD CONSTRAINT metrics_run_uuid_fkey FOREIGN KEY (run_uuid) REFERENCES runs;
ALTER TABLE latest_metrics ADD CONSTRAINT latest_metrics_run_uuid_fkey FOREIGN KEY (run_uuid) REFERENCES runs;
ALTER TABLE params ADD CONSTRAINT params_run_uuid_fkey FOREIGN KEY (run_uuid) REFERENCES runs;
ALTER TABLE tags ADD CONSTRAINT tags_run_uuid_fkey FOREIGN KEY (run_uuid) REFERENCES runs;
ALTER TABLE registered_model_tags ADD CONSTRAINT registered_model_tags_name_fkey
  FOREIGN KEY (name) REFERENCES registered_models ON UPDATE CASCADE;
ALTER TABLE model_versions ADD CONSTRAINT model_versions_name_fkey
  FOREIGN KEY (name) REFERENCES registered_models ON UPDATE CASCADE;
ALTER TABLE model_version_tags ADD CONSTRAINT model_version_tags_name_version_fkey
  FOREIGN KEY (name, version) REFERENCES model_versions ON UPDATE CASCADE;

CREATE INDEX index_metrics_run_uuid ON metrics (run_uuid);
CREATE INDEX index_latest_metrics_run_uuid ON latest_metrics (run_uuid);
CREATE INDEX index_params_run_uuid ON params (run_uuid);
CREATE INDEX index_tags_run_uuid ON tags (run_uuid);
