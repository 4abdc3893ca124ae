package org.consentgateway.consent;

import java.time.Instant;

/**
 * Immutable. How the notice was played.
 *
 * @param samplesPlanned at 8 kHz
 * @param completed every sample was sent, not on hold, to a caller whose media was alive
 * @param interruptedBy empty where completed, else one word: "hang-up", "hold", "no-media",
 *     "send-failed"
 */
public record Playing(
        Instant started,
        long samplesPlanned,
        long samplesSent,
        boolean completed,
        String interruptedBy) {}
