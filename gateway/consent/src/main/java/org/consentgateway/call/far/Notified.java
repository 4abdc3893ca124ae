package org.consentgateway.call.far;

/**
 * Immutable. What became of telling somebody that a consent has ended.
 *
 * @param delivered whether anything came back
 * @param acknowledgedBy what was answered with a yes, such as "INFO" or "BYE"; empty: nothing
 */
public record Notified(boolean delivered, String acknowledgedBy) {}
