package org.consentgateway.media;

import java.util.Map;

/**
 * What the engine did since its start, and how it stands now. Immutable.
 *
 * @param portPairs in the range
 * @param portPairsInUse by open legs
 * @param portPairsResting in quarantine
 * @param opusLegs that hold a place among those coded in Opus
 * @param receivedPackets RTP, dropped ones too
 * @param sentPackets RTP
 * @param dropped by reason, all of them
 * @param paceLagNanos the most that a packet of ours went out late in the last second: how loaded
 *     the event loops are
 */
public record MediaTotals(
        int portPairs,
        int portPairsInUse,
        int portPairsResting,
        int opusLegs,
        long receivedPackets,
        long sentPackets,
        Map<MediaDrop, Long> dropped,
        long paceLagNanos) {}
