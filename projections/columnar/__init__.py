"""The columnar tables: a store contract, its backends, and the tables that are kept in it."""
