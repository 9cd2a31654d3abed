-- What questions are answered by and no batch needs; a print that is filled from the log's beginning gets them at its end.

CREATE INDEX metadata_value ON metadata (key, left(value, 256));
CREATE INDEX metadata_substring ON metadata USING gin (searchable gin_trgm_ops);
CREATE INDEX metadata_number ON metadata (key, number) WHERE number IS NOT NULL;
CREATE INDEX metadata_moment ON metadata (key, moment) WHERE moment IS NOT NULL;
CREATE INDEX metadata_place ON metadata (key, latitude, longitude) WHERE latitude IS NOT NULL;
CREATE INDEX documents_words ON documents USING gin (words);
CREATE INDEX documents_tags ON documents USING gin (tags);
CREATE INDEX documents_newest ON documents (position);
CREATE INDEX documents_title ON documents (title, document_id);
CREATE INDEX documents_largest ON documents (coalesce(size_bytes, -1), document_id);
CREATE INDEX documents_database ON documents (database_id, position);
CREATE INDEX documents_type ON documents (asset_type, position);
CREATE INDEX documents_extension ON documents (file_extension, position) WHERE file_extension IS NOT NULL;
CREATE INDEX vocabulary_similar ON vocabulary USING gin (word gin_trgm_ops);
