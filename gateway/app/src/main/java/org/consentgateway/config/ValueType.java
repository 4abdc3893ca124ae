package org.consentgateway.config;

import java.util.function.Function;

/**
 * Immutable. A type that a schema uses for a single value and this package does not know.
 *
 * @param inWords completes "must be …"
 * @param read throws an unchecked exception if a text is none
 */
public record ValueType<T>(Class<T> type, String inWords, Function<String, T> read) {}
