-- PostgreSQL keeps samples of columns for its planner (pg_statistic), also of rows that are deleted since: of these
-- columns it must not. SQLite keeps none.
${unsampled}
