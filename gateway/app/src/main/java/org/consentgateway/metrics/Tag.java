package org.consentgateway.metrics;

/**
 * A label, and how many values it may have in a process's life. What comes after those is counted
 * as {@link Labels#OTHER}: a label must never grow with the number of calls or callers. Whatever we
 * count ourselves has room, of all meters together; gauges of those outside have no bound but the
 * configuration.
 */
enum Tag {
    LINE("line", 256),
    LANGUAGE("language", 16),
    VARIANT("variant", 16),
    LEVEL("level", 32),
    OUTCOME("outcome", 32),
    STATE("state", 8),
    METHOD("method", 8),
    REASON("reason", 128),
    STAGE("stage", 16),
    SCORE("score", 5),
    CALLER("caller", 2),
    ANSWERED("answered", 2),
    VERSION("version", 1),
    COMPLETE("complete", 2),
    EVENT("event", 4),
    ACKNOWLEDGED_BY("acknowledged_by", 4),
    DURABLE("durable", 2),
    HELPED("helped", 2),
    TAKEN("taken", 2),
    KIND("kind", 8),
    OVERDUE("overdue", 2),
    DIRECTION("direction", 2),
    TRUNK("trunk", 64),
    TARGET("target", 128),
    ASSISTANT("assistant", 64),
    STATUS("status", 100),
    ENDPOINT("endpoint", 16),
    RESULT("result", 32),
    WITNESS("witness", 16),
    SETTING("setting", 16),
    SET("set", 2);

    final String label;
    final int maxValues;

    Tag(String label, int maxValues) {
        this.label = label;
        this.maxValues = maxValues;
    }
}
