package org.consentgateway.media.srtp;

/**
 * What one leg is protected by; each side has chosen the key it sends with (RFC 4568 §5.1).
 * Immutable.
 */
public record SrtpKeys(SrtpKey sending, SrtpKey receiving) {}
