-- MLflow 2.20 on PostgreSQL, as its store leaves it at this revision of the schema.
-- Keys, foreign keys and indexes follow the line "-- after the data", so that a load may come in between.

CREATE TABLE alembic_version (version_num varchar(32) NOT NULL);
INSERT INTO alembic_version VALUES ('0584bdc529eb');

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
CREATE TABLE params (key varchar(250) NOT NULL, value varchar(8000) NOT NULL, run_uuid varchar(32) NOT NULL);
CREATE TABLE tags (key varchar(250) NOT NULL, value varchar(5000), run_uuid varchar(32) NOT NULL);

CREATE TABLE datasets (
  dataset_uuid varchar(36) NOT NULL,
  experiment_id integer NOT NULL,
  name varchar(500) NOT NULL,
  digest varchar(36) NOT NULL,
  dataset_source_type varchar(36) NOT NULL,
  dataset_source text NOT NULL,
  dataset_schema text,
  dataset_profile text
);
CREATE TABLE inputs (
  input_uuid varchar(36) NOT NULL,
  source_type varchar(36) NOT NULL,
  source_id varchar(36) NOT NULL,
  destination_type varchar(36) NOT NULL,
  destination_id varchar(36) NOT NULL
);
CREATE TABLE input_tags (input_uuid varchar(36) NOT NULL, name varchar(255) NOT NULL, value varchar(500) NOT NULL);

CREATE TABLE registered_models (
  name varchar(256) NOT NULL,
  creation_time bigint,
  last_updated_time bigint,
  description varchar(5000)
);
CREATE TABLE registered_model_tags (key varchar(250) NOT NULL, value varchar(5000), name varchar(256) NOT NULL);
CREATE TABLE registered_model_aliases (alias varchar(256) NOT NULL, version integer NOT NULL, name varchar(256) NOT NULL);
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
  run_link varchar(500),
  storage_location varchar(500)
);
CREATE TABLE model_version_tags (key varchar(250) NOT NULL, value varchar(5000), name varchar(256) NOT NULL, version integer NOT NULL);

CREATE TABLE trace_info (
  request_id varchar(50) NOT NULL,
  experiment_id integer NOT NULL,
  timestamp_ms bigint NOT NULL,
  execution_time_ms bigint,
  status varchar(50) NOT NULL
);
CREATE TABLE trace_tags (key varchar(250) NOT NULL, value varchar(8000), request_id varchar(50) NOT NULL);
CREATE TABLE trace_request_metadata (key varchar(250) NOT NULL, value varchar(8000), request_id varchar(50) NOT NULL);

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
ALTER TABLE datasets ADD CONSTRAINT dataset_pk PRIMARY KEY (experiment_id, name, digest);
ALTER TABLE inputs ADD CONSTRAINT inputs_pk PRIMARY KEY (source_type, source_id, destination_type, destination_id);
ALTER TABLE input_tags ADD CONSTRAINT input_tags_pk PRIMARY KEY (input_uuid, name);
ALTER TABLE registered_models ADD CONSTRAINT registered_model_pk PRIMARY KEY (name);
ALTER TABLE registered_model_tags ADD CONSTRAINT registered_model_tag_pk PRIMARY KEY (key, name);
ALTER TABLE registered_model_aliases ADD CONSTRAINT registered_model_alias_pk PRIMARY KEY (name, alias);
ALTER TABLE model_versions ADD CONSTRAINT model_version_pk PRIMARY KEY (name, version);
ALTER TABLE model_version_tags ADD CONSTRAINT model_version_tag_pk PRIMARY KEY (key, name, version);
ALTER TABLE trace_info ADD CONSTRAINT trace_info_pk PRIMARY KEY (request_id);
ALTER TABLE trace_tags ADD CONSTRAINT trace_tag_pk PRIMARY KEY (key, request_id);
ALTER TABLE trace_request_metadata ADD CONSTRAINT trace_request_metadata_pk PRIMARY KEY (key, request_id);

ALTER TABLE experiment_tags ADD CONSTRAINT experiment_tags_experiment_id_fkey FOREIGN KEY (experiment_id) REFERENCES experiments;
ALTER TABLE runs ADD CONSTRAINT runs_experiment_id_fkey FOREIGN KEY (experiment_id) REFERENCES experiments;
ALTER TABLE metrics ADD CONSTRAINT metrics_run_uuid_fkey FOREIGN KEY (run_uuid) REFERENCES runs;
ALTER TABLE latest_metrics ADD CONSTRAINT latest_metrics_run_uuid_fkey FOREIGN KEY (run_uuid) REFERENCES runs;
ALTER TABLE params ADD CONSTRAINT params_run_uuid_fkey FOREIGN KEY (run_uuid) REFERENCES runs;
ALTER TABLE tags ADD CONSTRAINT tags_run_uuid_fkey FOREIGN KEY (run_uuid) REFERENCES runs;
ALTER TABLE datasets ADD CONSTRAINT fk_datasets_experiment_id_experiments
  FOREIGN KEY (experiment_id) REFERENCES experiments ON DELETE CASCADE;
ALTER TABLE registered_model_tags ADD CONSTRAINT registered_model_tags_name_fkey
  FOREIGN KEY (name) REFERENCES registered_models ON UPDATE CASCADE;
ALTER TABLE registered_model_aliases ADD CONSTRAINT registered_model_alias_name_fkey
  FOREIGN KEY (name) REFERENCES registered_models ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE model_versions ADD CONSTRAINT model_versions_name_fkey
  FOREIGN KEY (name) REFERENCES registered_models ON UPDATE CASCADE;
ALTER TABLE model_version_tags ADD CONSTRAINT model_version_tags_name_version_fkey
  FOREIGN KEY (name, version) REFERENCES model_versions ON UPDATE CASCADE;
ALTER TABLE trace_info ADD CONSTRAINT fk_trace_info_experiment_id FOREIGN KEY (experiment_id) REFERENCES experiments;
ALTER TABLE trace_tags ADD CONSTRAINT fk_trace_tags_request_id
  FOREIGN KEY (request_id) REFERENCES trace_info ON DELETE CASCADE;
ALTER TABLE trace_request_metadata ADD CONSTRAINT fk_trace_request_metadata_request_id
  FOREIGN KEY (request_id) REFERENCES trace_info ON DELETE CASCADE;

CREATE INDEX index_metrics_run_uuid ON metrics (run_uuid);
CREATE INDEX index_latest_metrics_run_uuid ON latest_metrics (run_uuid);
CREATE INDEX index_params_run_uuid ON params (run_uuid);
CREATE INDEX index_tags_run_uuid ON tags (run_uuid);
CREATE INDEX index_datasets_dataset_uuid ON datasets (dataset_uuid);
CREATE INDEX index_datasets_experiment_id_dataset_source_type ON datasets (experiment_id, dataset_source_type);
CREATE INDEX index_inputs_input_uuid ON inputs (input_uuid);
CREATE INDEX index_inputs_destination_type_destination_id_source_type
  ON inputs (destination_type, destination_id, source_type);
CREATE INDEX index_trace_info_experiment_id_timestamp_ms ON trace_info (experiment_id, timestamp_ms);
CREATE INDEX index_trace_tags_request_id ON trace_tags (request_id);
CREATE INDEX index_trace_request_metadata_request_id ON trace_request_metadata (request_id);
