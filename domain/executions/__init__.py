"""Executions of workflows: each a state machine from request to outputs."""
