package org.consentgateway.consent.journal;

/**
 * Immutable. Where a record stands, so that an auditor finds it.
 *
 * @param log its name
 * @param index from 0, without gaps
 */
public record LogPosition(String log, long index) {}
