package org.consentgateway.metrics;

/** Immutable. What was put to a caller: the tags by which wordings are compared. */
public record Asked(String line, String language, String variant) {}
