package org.consentgateway.sip;

/**
 * Immutable. How an account stands.
 *
 * @param status the last answer, 0 where none came yet, 408 and 503 also where none came at all
 * @param failures in a row since the last success
 */
public record Registered(String trunk, boolean registered, int status, int failures) {}
