package org.consentgateway.api.operation;

import java.time.Instant;

/**
 * Immutable. A certificate that we show or believe (X.509).
 *
 * @param file in which it stands
 * @param subject whose it is
 * @param ours whether we show it; else we believe it
 * @param ends when it is valid no more
 */
public record KnownCertificate(String file, String subject, boolean ours, Instant ends) {}
